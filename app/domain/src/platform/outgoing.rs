//! The client for outgoing HTTP requests. All requests to URLs that come from people or from other sites go through it,
//! because such a URL may lead into the private network of the server (server-side request forgery, OWASP API7:2023).
//!
//! A URL is checked before it is requested, and again after each redirect. The IP address of a host name is checked when
//! it is looked up, and the connection is made to exactly the addresses that have passed.

mod address;
mod connector;
mod destination;
mod error;
mod host_slots;
mod request;
mod resolver;
mod settings;
mod tls;

use std::sync::Arc;

use axum::body::Bytes;
use reqwest::{
    Method, Response, StatusCode,
    header::{ACCEPT, LOCATION},
};
use tokio::{
    sync::OnceCell,
    time::{Instant, timeout_at},
};
use url::Url;

pub use error::OutgoingError;
pub use request::{OutgoingRequest, OutgoingResponse};
pub use resolver::Lookup;
pub use settings::OutgoingSettings;

use address::is_public;
use connector::Connector;
use host_slots::HostSlots;

/// The client for outgoing HTTP requests.
///
/// It sends no cookies and no `Referer`, ignores proxies in the environment, and does not decompress responses. It
/// keeps no connection open after a response.
#[derive(Clone)]
pub struct OutgoingClient(Arc<Shared>);

struct Shared {
    settings: OutgoingSettings,
    lookup: Lookup,
    /// Created by the first request: most commands make none, and need not read the certificates of the system.
    connector: OnceCell<Connector>,
    slots: HostSlots,
}

impl OutgoingClient {
    /// Creates a client that looks up host names as the system does.
    #[must_use]
    pub fn new(settings: OutgoingSettings) -> Self {
        Self::with_lookup(settings, resolver::system())
    }

    /// Creates a client that looks up host names with `lookup`.
    #[must_use]
    pub fn with_lookup(settings: OutgoingSettings, lookup: Lookup) -> Self {
        Self(Arc::new(Shared {
            slots: HostSlots::new(settings.requests_per_host),
            settings,
            lookup,
            connector: OnceCell::new(),
        }))
    }

    /// Sends `request` and reads the whole response, whatever its status is.
    ///
    /// Redirects of a GET request are followed. Headers other than `Accept` are not sent to another origin. A redirect
    /// of a POST request is returned like any other response, so that a body is never sent elsewhere.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL, or one that a redirect leads to, must not be requested, or if there is no complete
    /// response within the limits of time and size.
    pub async fn send(&self, request: OutgoingRequest) -> Result<OutgoingResponse, OutgoingError> {
        let deadline = Instant::now() + self.0.settings.response_timeout;
        let response = timeout_at(deadline, self.follow(request, deadline));
        response.await.unwrap_or(Err(OutgoingError::TimedOut))
    }

    async fn follow(
        &self,
        mut request: OutgoingRequest,
        deadline: Instant,
    ) -> Result<OutgoingResponse, OutgoingError> {
        let settings = &self.0.settings;
        let mut url = Url::parse(&request.url).map_err(|_| OutgoingError::InvalidUrl)?;
        let mut redirects = 0;
        loop {
            let host = destination::check(&url, settings)?;
            let _slot = self.0.slots.take(host).await;
            // The requests that had the slots may have timed out at the same moment.
            if Instant::now() >= deadline {
                return Err(OutgoingError::TimedOut);
            }
            let response = self.respond(&request, &url).await?;
            let next = match location(&response) {
                Some(location) if request.method == Method::GET => location,
                _ => return read(response, url, request.limit).await,
            };
            if redirects == settings.redirects {
                return Err(OutgoingError::TooManyRedirects);
            }
            redirects += 1;
            let next = url.join(&next).map_err(|_| OutgoingError::InvalidUrl)?;
            if url.scheme() == "https" && next.scheme() == "http" {
                return Err(OutgoingError::Unencrypted);
            }
            if url.origin() != next.origin() {
                let accept = request.headers.remove(ACCEPT);
                request.headers.clear();
                request.headers.extend(accept.map(|accept| (ACCEPT, accept)));
            }
            url = next;
        }
    }

    /// Sends `request` to `url`, which has been checked, and returns the response when its head has arrived.
    async fn respond(&self, request: &OutgoingRequest, url: &Url) -> Result<Response, OutgoingError> {
        let Shared {
            settings,
            lookup,
            connector,
            ..
        } = &*self.0;
        let connector = connector
            .get_or_try_init(|| Connector::new(settings, lookup))
            .await?;
        let sent = connector
            .client(url.port_or_known_default(), settings)
            .request(request.method.clone(), url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send();
        sent.await.map_err(|error| OutgoingError::from_reqwest(&error))
    }
}

/// Returns where `response` redirects to, if it is a redirect (RFC 9110, 15.4).
fn location(response: &Response) -> Option<String> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = response.headers().get(LOCATION).filter(|_| is_redirect)?;
    // Some servers do not encode characters beyond ASCII.
    String::from_utf8(location.as_bytes().to_vec()).ok()
}

/// Reads the body of `response`, which must have at most `limit` bytes.
async fn read(mut response: Response, url: Url, limit: usize) -> Result<OutgoingResponse, OutgoingError> {
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |length| length > limit) {
        return Err(OutgoingError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(part) = response
        .chunk()
        .await
        .map_err(|error| OutgoingError::from_reqwest(&error))?
    {
        if part.len() > limit.saturating_sub(body.len()) {
            return Err(OutgoingError::TooLarge);
        }
        body.extend_from_slice(&part);
    }
    Ok(OutgoingResponse {
        status: response.status(),
        url,
        headers: std::mem::take(response.headers_mut()),
        body: Bytes::from(body),
    })
}
