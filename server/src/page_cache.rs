//! Pages that are kept for whoever is not known here: made once, and sent until something on the site is another.
//!
//! What is kept was made of the address and the theme alone: nothing else of the request that it was made for reaches the page.
//! A request with any other cookie gets a page of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::{backend::db::Content, model::feed::FeedFormat, paths, theme::Theme};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
            COOKIE, ETAG, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, SET_COOKIE,
        },
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use moka::{future::Cache, policy::EvictionPolicy};

use crate::{conditional, metrics::Counted, pages::known_cookies};

/// How a page is made smaller.
mod coding;

use coding::Coding;

/// No page is kept longer, whatever happens.
const LASTS: Duration = Duration::from_mins(1);
/// What an entry takes beside what it holds, about.
const OVERHEAD: usize = 1_024;
/// What is larger is not kept, in bytes.
const PAGE_MAX: usize = 1_000_000;
/// The longest number of a page that somebody may mean.
const DIGITS: usize = 9;
/// Pages that are the same for everybody.
const PAGES: [&str; 6] = [
    paths::HOME,
    paths::ABOUT,
    paths::EXPLORE,
    paths::LOGIN,
    paths::REGISTER,
    paths::FORGOT_PASSWORD,
];
/// Below these are more of them.
const BELOW: [&str; 3] = ["/post/", "/user/", "/tag/"];

/// Keeps pages.
#[derive(Clone)]
pub(crate) struct PageCache {
    pages: Cache<Key, Arc<Kept>>,
    content: Content,
    counted: Counted,
}

/// What a page is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    version: u64,
    address: String,
    theme: Theme,
    coding: Coding,
}

/// An answer, which may be given again.
#[derive(Debug, Clone)]
struct Kept {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl PageCache {
    /// Keeps at most so many `megabytes`, and nothing longer than `content` is as it was.
    pub(crate) fn new(megabytes: u64, content: Content, counted: Counted) -> Self {
        let size = |key: &Key, page: &Arc<Kept>| {
            let bytes = page.body.len() + page.length_of_headers() + key.address.len() + OVERHEAD;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let pages = Cache::builder()
            .max_capacity(megabytes * 1_000_000)
            .weigher(size)
            .time_to_live(LASTS)
            // Pages of before are of no use, however often they were asked for.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self {
            pages,
            content,
            counted,
        }
    }

    /// What the page of `request` is kept by; `None` for what is not everybody's.
    fn key(&self, request: &Request) -> Option<Key> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if !is_read || known_cookies(request.headers()) || !is_of_everybody(request.uri().path()) {
            return None;
        }
        let address = request.uri().path_and_query()?;
        if !address.query().is_none_or(is_page_number) {
            return None;
        }
        Some(Key {
            // Before anything is read.
            version: self.content.version(),
            address: address.as_str().to_owned(),
            theme: theme(request.headers()),
            coding: Coding::of(request.headers()),
        })
    }
}

/// Answers with a page that is kept, or keeps the one that is made.
pub(crate) async fn serve(State(cache): State<PageCache>, request: Request, next: Next) -> Response {
    let Some(key) = cache.key(&request) else {
        return next.run(request).await;
    };
    let head = Head::of(&request);
    if let Some(page) = cache.pages.get(&key).await {
        cache.counted.kept.inc();
        return page.answer(&head);
    }
    let (parts, _) = request.into_parts();
    let (plain, of_its_own) = (plain(parts.clone(), &key), next.clone());
    let (counted, is_maker) = (cache.counted.clone(), Arc::new(AtomicBool::new(false)));
    let makes = Arc::clone(&is_maker);
    // Whoever asks for the same meanwhile waits for it.
    let made = cache.pages.try_get_with(key, async move {
        makes.store(true, Ordering::Relaxed);
        counted.made.inc();
        let page = Arc::new(Kept::of(next.run(plain).await).await);
        if page.may_be_kept() { Ok(page) } else { Err(page) }
    });
    match made.await {
        Ok(page) => page.answer(&head),
        Err(page) if is_maker.load(Ordering::Relaxed) || page.is_for_all() => page.answer(&head),
        Err(_) => of_its_own.run(Request::from_parts(parts, Body::empty())).await,
    }
}

/// What a request says of its answer beside the page.
struct Head {
    is_read: bool,
    known: HeaderMap,
}

impl Head {
    fn of(request: &Request) -> Self {
        let mut known = HeaderMap::new();
        for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE] {
            if let Some(value) = request.headers().get(&name) {
                known.insert(name, value.clone());
            }
        }
        Self {
            is_read: request.method() == Method::GET,
            known,
        }
    }
}

impl Kept {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(body) => Self {
                status: parts.status,
                headers: parts.headers,
                // Its own alone: what it was made in may be larger.
                body: Bytes::copy_from_slice(&body),
            },
            Err(error) => {
                tracing::error!(%error, "a page has no end");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    headers: HeaderMap::new(),
                    body: Bytes::new(),
                }
            }
        }
    }

    fn length_of_headers(&self) -> usize {
        let lengths = self
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len());
        lengths.sum()
    }

    /// Whether it may be given to others later.
    fn may_be_kept(&self) -> bool {
        self.status == StatusCode::OK && self.is_for_all() && self.body.len() <= PAGE_MAX
    }

    /// Whether it may be given to whoever has asked for the same at the same time.
    fn is_for_all(&self) -> bool {
        !self.status.is_server_error() && !self.headers.contains_key(SET_COOKIE)
    }

    /// The answer to a request with this `head`.
    fn answer(&self, head: &Head) -> Response {
        let mut headers = self.headers.clone();
        if self.status == StatusCode::OK && is_known(&headers, &head.known) {
            for header in [
                CONTENT_ENCODING,
                CONTENT_LENGTH,
                CONTENT_SECURITY_POLICY,
                CONTENT_TYPE,
            ] {
                headers.remove(header);
            }
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        if head.is_read {
            return (self.status, headers, self.body.clone()).into_response();
        }
        headers.insert(CONTENT_LENGTH, self.body.len().into());
        (self.status, headers, Body::empty()).into_response()
    }
}

fn is_known(headers: &HeaderMap, known: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let changed_at = text(LAST_MODIFIED).and_then(conditional::parsed);
    text(ETAG).is_some_and(|tag| conditional::is_known(known, tag, changed_at))
}

/// The request for the page of `key`, with nothing in it that tells people apart.
fn plain(mut parts: Parts, key: &Key) -> Request {
    parts.method = Method::GET;
    let mut headers = HeaderMap::new();
    if let Some(host) = parts.headers.remove(HOST) {
        headers.insert(HOST, host);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("text/html"));
    if let Some(coding) = key.coding.name() {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding));
    }
    if let Ok(cookie) = HeaderValue::try_from(format!("theme={}", key.theme.name())) {
        headers.insert(COOKIE, cookie);
    }
    parts.headers = headers;
    Request::from_parts(parts, Body::empty())
}

fn is_of_everybody(path: &str) -> bool {
    let is_feed = |path: &str| FeedFormat::ALL.iter().any(|format| path == format.file());
    PAGES.contains(&path)
        || BELOW.iter().any(|above| path.starts_with(above))
        || path.strip_prefix('/').is_some_and(is_feed)
}

/// Whether `query` tells a page of a list, and nothing else that anybody could think up.
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
