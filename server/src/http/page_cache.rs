//! The cache of pages for visitors without cookies. A page is rendered once, and reused until one of the topics that it
//! shows changes.
//!
//! A cached page depends on the address and the theme alone, because it is rendered from a request that contains
//! nothing else. A request with any other cookie is not answered from the cache.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::theme::Theme;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method,
        header::{ACCEPT, ACCEPT_ENCODING, COOKIE, HOST},
        request::Parts,
    },
    response::Response,
};
use domain::platform::db::Changes;
use moka::{future::Cache, policy::EvictionPolicy};
use shared::{model::feed::FeedFormat, paths};
use tokio::sync::Mutex;

use super::{
    cache_layer,
    client_limit::{self, ClientLimit},
    host::Hosts,
};
use crate::{
    ops::metrics::{Counted, Metrics},
    routes::pages::known_cookies,
};

mod cached_response;
mod coding;

use cached_response::{CachedHead, CachedResponse};
use coding::Coding;

pub(crate) use cached_response::Shown;

/// The maximum age of a cached page.
const LASTS: Duration = Duration::from_mins(1);
/// The approximate overhead of an entry, in bytes.
const OVERHEAD: usize = 1_024;
/// How often a request waits for the page that another one renders, which may be outdated before it is complete.
const ATTEMPTS: usize = 3;
/// The maximum number of feeds whose locks are remembered.
const FEEDS: u64 = 1_000;
/// The maximum number of digits of a page number.
const DIGITS: usize = 9;
/// Public pages that are the same for everyone.
const PAGES: &[&str] = &[
    paths::HOME,
    paths::ABOUT,
    paths::EXPLORE,
    paths::LOGIN,
    paths::REGISTER,
    paths::FORGOT_PASSWORD,
];
/// The prefixes of further public pages.
const BELOW: &[&str] = &["/post/", "/user/", "/tag/"];
/// The prefixes of lists that have feeds.
const LISTS: &[&str] = &["/user/", "/tag/"];

/// The page cache.
pub(crate) struct PageCache {
    pages: Cache<CacheKey, Arc<CachedResponse>>,
    /// The locks that prevent concurrent rendering of the same feed for different codings.
    feeds: Cache<String, Arc<Mutex<()>>>,
    changes: Changes,
    hosts: Hosts,
    clients: ClientLimit,
    metrics: Option<Metrics>,
}

/// The key of a cached page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct CacheKey {
    address: String,
    theme: Theme,
    coding: Coding,
}

impl PageCache {
    /// Returns a cache of at most so many `megabytes`, whose entries become outdated by `changes`. Pages that are not
    /// cached are rendered within the limits of `clients`.
    pub(crate) fn new(
        megabytes: u64,
        changes: Changes,
        hosts: Hosts,
        clients: ClientLimit,
        metrics: Option<Metrics>,
    ) -> Self {
        let size = |key: &CacheKey, page: &Arc<CachedResponse>| {
            let bytes = page.length() + key.address.len() + OVERHEAD;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let pages = Cache::builder()
            .max_capacity(megabytes * 1_000_000)
            .weigher(size)
            .time_to_live(LASTS)
            // Outdated pages are useless, however often they were requested, so the eviction is by age instead of
            // frequency.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self {
            pages,
            feeds: Cache::builder().max_capacity(FEEDS).time_to_idle(LASTS).build(),
            changes,
            hosts,
            clients,
            metrics,
        }
    }

    /// Returns the cache key of `request`, or `None` if its page is not public.
    fn key(&self, request: &Request) -> Option<CacheKey> {
        let (path, headers) = (request.uri().path(), request.headers());
        // A feed depends on nothing but its path: neither on the visitor nor on the query.
        let is_feed = is_feed(path);
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if !is_read || !(is_feed || (is_of_everybody(path) && !known_cookies(headers))) {
            return None;
        }
        // The router rejects requests for another host.
        if !self.hosts.are_meant(request) {
            return None;
        }
        let address = request.uri().path_and_query()?;
        if !is_feed && !address.query().is_none_or(is_page_number) {
            return None;
        }
        Some(CacheKey {
            address: if is_feed { path } else { address.as_str() }.to_owned(),
            theme: if is_feed { Theme::System } else { theme(headers) },
            coding: Coding::negotiate(headers),
        })
    }

    /// Responds with the cached page, or with that of `router`, which is then cached.
    pub(crate) async fn answer(&self, request: Request, router: Router) -> Response {
        let Some(key) = self.key(&request) else {
            return cache_layer::passed_on(request, router).await;
        };
        let (begun, head) = (Instant::now(), CachedHead::from_request(&request));
        let asked = self.changes.now();
        if let Some(page) = self.pages.get(&key).await
            && page.may_be_kept()
            && page.is_current(&self.changes, asked)
        {
            self.metrics.as_ref().inspect(|metrics| metrics.kept());
            return self.given(&page, &head, begun);
        }
        let (mut parts, _) = request.into_parts();
        let _turn = self.clients.admit(&mut parts).await;
        if client_limit::is_refused(&parts) {
            // The router responds with the error, for this request only.
            return cache_layer::passed_on(Request::from_parts(parts, Body::empty()), router).await;
        }
        for _ in 0..ATTEMPTS {
            if let Some(page) = self.made(&key, &parts, &router, asked).await {
                return self.given(&page, &head, begun);
            }
        }
        cache_layer::passed_on(Request::from_parts(parts, Body::empty()), router).await
    }

    /// Returns the page of `key` for a request that was sent at `asked`. Concurrent requests with the same key wait for
    /// one of them to render the page. Returns `None` if that page is not for others or was outdated before it was
    /// complete.
    async fn made(
        &self,
        key: &CacheKey,
        parts: &Parts,
        router: &Router,
        asked: u64,
    ) -> Option<Arc<CachedResponse>> {
        let render = async {
            let _alone = match self.feed_lock(key).await {
                Some(feed) => Some(feed.lock_owned().await),
                None => None,
            };
            let read_at = self.changes.now();
            let response = cache_layer::passed_on(plain(parts.clone(), key), router.clone()).await;
            Arc::new(CachedResponse::from_response(response, read_at).await)
        };
        let is_outdated =
            |page: &Arc<CachedResponse>| !page.may_be_kept() || !page.is_current(&self.changes, asked);
        let entry = self
            .pages
            .entry_by_ref(key)
            .or_insert_with_if(render, is_outdated)
            .await;
        let (is_maker, page) = (entry.is_fresh(), entry.into_value());
        if is_maker {
            self.metrics.as_ref().inspect(|metrics| metrics.made());
            if !page.may_be_kept() {
                self.pages.invalidate(key).await;
            }
            return Some(page);
        }
        (page.is_for_all() && page.is_current(&self.changes, asked)).then_some(page)
    }

    /// Returns the lock that prevents concurrent rendering of a feed for different codings.
    async fn feed_lock(&self, key: &CacheKey) -> Option<Arc<Mutex<()>>> {
        if !is_feed(&key.address) {
            return None;
        }
        let lock = self.feeds.get_with(key.address.clone(), async { Arc::default() });
        Some(lock.await)
    }

    /// Returns the response with `page` to the request with this `head`, which arrived at `begun`.
    fn given(&self, page: &CachedResponse, head: &CachedHead, begun: Instant) -> Response {
        let response = page.answer(head);
        tracing::debug!(
            id = head.id,
            status = response.status().as_u16(),
            "answered from the page cache"
        );
        if let Some(metrics) = &self.metrics {
            metrics.answered(&head.method, page.route(), response.status(), begun.elapsed());
        }
        response
    }
}

/// Returns the request for the page of `key`, without anything that identifies the visitor.
fn plain(mut parts: Parts, key: &CacheKey) -> Request {
    parts.method = Method::GET;
    let mut headers = HeaderMap::new();
    if let Some(host) = parts.headers.remove(HOST) {
        headers.insert(HOST, host);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("text/html"));
    if let Some(coding) = key.coding.accepted() {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding));
    }
    if let Ok(cookie) = HeaderValue::try_from(format!("theme={}", key.theme.name())) {
        headers.insert(COOKIE, cookie);
    }
    parts.headers = headers;
    // The original request is counted instead.
    parts.extensions.insert(Counted);
    Request::from_parts(parts, Body::empty())
}

fn is_of_everybody(path: &str) -> bool {
    PAGES.contains(&path) || BELOW.iter().any(|above| path.starts_with(above))
}

/// Returns whether `path` has the form of the address of a feed: of the site, of a writer or of a tag.
fn is_feed(path: &str) -> bool {
    let Some((list, file)) = path.rsplit_once('/') else {
        return false;
    };
    let is_below = |above: &&str| {
        let name = list.strip_prefix(*above);
        name.is_some_and(|name| !name.contains('/'))
    };
    (list.is_empty() || LISTS.iter().any(is_below))
        && FeedFormat::ALL.iter().any(|format| file == format.file())
}

/// Returns whether `query` consists of a page number only, so that arbitrary queries do not fill the cache.
fn is_page_number(query: &str) -> bool {
    query.strip_prefix("page=").is_some_and(|number| {
        (1..=DIGITS).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

fn theme(headers: &HeaderMap) -> Theme {
    let mut cookies = headers.get_all(COOKIE).iter();
    let chosen = cookies.find_map(|value| value.to_str().ok());
    chosen.map_or(Theme::System, Theme::in_cookies)
}
