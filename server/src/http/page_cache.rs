//! The cache of pages for visitors without cookies. A page is rendered once, and reused until one of the topics that it
//! shows changes.
//!
//! A cached page depends on the address and the theme alone, because it is rendered from a request that contains
//! nothing else. A request with any other cookie is not answered from the cache.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::{pages::route::PageRoute, theme::Theme};
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
/// The maximum number of digits in a query parameter.
const DIGITS: usize = 9;
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
        let (path, query, headers) = (request.uri().path(), request.uri().query(), request.headers());
        // A feed depends on nothing but its path: neither on the visitor nor on the query.
        let is_feed = is_feed(path);
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_page = || is_of_everybody(path, query) && !known_cookies(headers);
        if !is_read || !(is_feed || is_page()) {
            return None;
        }
        // The router rejects requests for another host.
        if !self.hosts.are_meant(request) {
            return None;
        }
        let address = request.uri().path_and_query()?;
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

/// Returns whether the page at `path` is declared as cached, by the parameters in `query`.
fn is_of_everybody(path: &str, query: Option<&str>) -> bool {
    let parameters = PageRoute::at(path).and_then(PageRoute::cached_by);
    parameters.is_some_and(|parameters| query.is_none_or(|query| has_only(query, parameters)))
}

/// Returns whether `path` has the form of the address of a feed: of the site, of an author, of a tag or of the comments on a post.
fn is_feed(path: &str) -> bool {
    let Some((list, file)) = path.rsplit_once('/') else {
        return false;
    };
    let is_below = |above: &&str| {
        let name = list.strip_prefix(*above);
        name.is_some_and(|name| !name.contains('/'))
    };
    if is_below(&"/post/") {
        return paths::COMMENTS_FEED.strip_prefix('/') == Some(file);
    }
    (list.is_empty() || LISTS.iter().any(is_below))
        && FeedFormat::ALL.iter().any(|format| file == format.file())
}

/// Returns whether `query` consists of numbers for some of the `parameters`, in their order, so that arbitrary queries
/// do not fill the cache.
fn has_only(query: &str, parameters: &[&str]) -> bool {
    let mut parameters = parameters.iter();
    let is_number = |value: &str| {
        (1..=DIGITS).contains(&value.len()) && value.bytes().all(|digit| digit.is_ascii_digit())
    };
    query.split('&').all(|pair| {
        let pair = pair.split_once('=');
        pair.is_some_and(|(name, value)| parameters.any(|known| *known == name) && is_number(value))
    })
}

fn theme(headers: &HeaderMap) -> Theme {
    let mut cookies = headers.get_all(COOKIE).iter();
    let chosen = cookies.find_map(|value| value.to_str().ok());
    chosen.map_or(Theme::System, Theme::in_cookies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cached_only_by_the_parameters_that_it_declares() {
        for query in ["page=1", "page=999999999", "page=2&size=10", "size=10"] {
            assert!(has_only(query, &["page", "size"]), "{query}");
        }
        for query in [
            "",
            "page",
            "page=",
            "page=a",
            "page=-1",
            "page=1234567890",
            "page=1&",
            "page=1&page=2",
            "size=10&page=2",
            "page=1&from=somewhere",
            "from=1",
        ] {
            assert!(!has_only(query, &["page", "size"]), "{query}");
        }
        assert!(!has_only("page=1", &[]));
    }

    #[test]
    fn a_page_is_cached_only_if_it_is_declared_as_such() {
        for (path, query) in [
            ("/", Some("page=2")),
            ("/about", None),
            ("/login", None),
            ("/post/12-news", None),
            ("/user/ada", Some("page=2")),
        ] {
            assert!(is_of_everybody(path, query), "{path}");
        }
        for (path, query) in [
            ("/", Some("from=somewhere")),
            ("/about", Some("page=2")),
            ("/account", None),
            ("/post/new", None),
            ("/post/1/2", None),
            ("/healthz", None),
        ] {
            assert!(!is_of_everybody(path, query), "{path}");
        }
    }
}
