//! Renders pages on the server.

use std::{net::IpAddr, sync::Arc, time::Duration};

use app::{
    app::{document, problem_document},
    flash::{self, Flash},
    metadata::{Description, Metadata},
    theme::Theme,
};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, COOKIE, RETRY_AFTER, SET_COOKIE, USER_AGENT, VARY},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::{AppState, ClientInfo, Scope, redirects, static_pages};
use ipnet::IpNet;
use leptos::{config::LeptosOptions, prelude::provide_context, server_fn::redirect::REDIRECT_HEADER};
use leptos_axum::render_app_async_with_context;
use shared::{
    error::AppError,
    forms::{Submission, static_page::is_slug},
    model::{site::SiteIdentity, static_page::PageLinks},
    paths,
};
use tokio::time::timeout;
use tower_cookies::Cookies;
use tower_sessions::Session;

use super::{assets, feeds::Seen, head};
use crate::http::{bodies::Bodies, client_address, content_security_policy::Policy, page_cache::Shown};

mod validator;

/// The timeout for rendering a page.
const RENDERING: Duration = Duration::from_secs(20);

/// Renders the site's pages.
#[derive(Clone)]
pub(crate) struct Pages(Arc<Site>);

/// The state for rendering pages. It is shared by all routes and layers.
struct Site {
    state: AppState,
    options: LeptosOptions,
    addresses: &'static [String],
    trusted_proxies: Vec<IpNet>,
    bodies: Bodies,
    feeds: Seen,
}

impl Pages {
    /// Returns a renderer for the pages at `addresses`. Visitors may connect through `trusted_proxies`, and `bodies`
    /// reads their request bodies.
    pub(crate) fn new(
        state: AppState,
        options: LeptosOptions,
        addresses: &'static [String],
        trusted_proxies: &[IpNet],
        bodies: Bodies,
    ) -> Self {
        Self(Arc::new(Site {
            state,
            options,
            addresses,
            trusted_proxies: trusted_proxies.to_vec(),
            bodies,
            feeds: Seen::default(),
        }))
    }

    /// Returns the state of the application.
    pub(crate) fn state(&self) -> &AppState {
        &self.0.state
    }

    /// Returns the scope of a response that is the same for everybody.
    pub(crate) fn public(&self) -> Scope {
        Scope::public(self.0.state.clone())
    }

    /// Returns since when feeds have been unchanged.
    pub(crate) fn feeds(&self) -> &Seen {
        &self.0.feeds
    }

    /// Returns the reader of request bodies.
    pub(crate) fn bodies(&self) -> &Bodies {
        &self.0.bodies
    }

    /// Returns the IP address of the client that sent the request of `parts`.
    pub(crate) fn client(&self, parts: &Parts) -> IpAddr {
        client_address::from_request(parts, &self.0.trusted_proxies)
    }

    /// Returns the scope of the request of `parts`.
    pub(crate) fn scope(&self, parts: &Parts) -> Option<Scope> {
        let session = parts.extensions.get::<Session>()?;
        let cookies = parts.extensions.get::<Cookies>().cloned().unwrap_or_default();
        let agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok());
        let visitor = ClientInfo::new(
            self.client(parts),
            agent.unwrap_or_default(),
            cookies,
            self.0.state.settings.site_url.is_https(),
        );
        Some(Scope::browser(self.0.state.clone(), session.clone(), visitor))
    }

    /// Renders the page at the address of the request. The route table also has a page for unknown addresses.
    pub(crate) async fn render(State(pages): State<Self>, request: Request) -> Response {
        let parts = request.into_parts().0;
        match pages.query_of_home(&parts).await {
            Ok(Some(address)) => Redirect::permanent(&address).into_response(),
            Ok(None) => pages.page(parts, None).await,
            Err(error) => pages.problem(parts, error).await,
        }
    }

    /// Responds to a request for an address that is no route: that of a static page or of a redirect, or an unknown one.
    pub(crate) async fn not_found(State(pages): State<Self>, request: Request) -> Response {
        let parts = request.into_parts().0;
        if wants_data(&parts) {
            return match without_slash(&parts) {
                Some(address) => Redirect::permanent(&address).into_response(),
                None => data(&unknown(parts.uri.path())),
            };
        }
        match pages.elsewhere(&parts).await {
            Ok(Some(address)) => Redirect::permanent(&address).into_response(),
            Ok(None) => pages.page(parts, None).await,
            Err(error) => pages.problem(parts, error).await,
        }
    }

    /// Returns where the address of `parts` leads, unless it is that of a static page or unknown.
    async fn elsewhere(&self, parts: &Parts) -> Result<Option<String>, AppError> {
        let path = parts.uri.path();
        let (scope, slug) = (self.public(), path.trim_matches('/'));
        if is_slug(slug) && static_pages::is_published(&scope, slug).await? {
            let is_read = matches!(parts.method, Method::GET | Method::HEAD);
            let address = without_slash(parts);
            return if is_read || address.is_some() {
                Ok(address)
            } else {
                Err(AppError::MethodNotAllowed)
            };
        }
        let redirect = redirects::find(&scope, path, parts.uri.query()).await?;
        Ok(redirect.or_else(|| without_slash(parts)))
    }

    /// Returns where the home page with the query of `parts` leads, such as `/?p=12`, the address of a post on a WordPress
    /// site.
    async fn query_of_home(&self, parts: &Parts) -> Result<Option<String>, AppError> {
        match parts.uri.query() {
            Some(query) if parts.uri.path() == paths::HOME && !query.starts_with("page=") => {
                redirects::find_exactly(&self.public(), &format!("{}?{query}", paths::HOME)).await
            }
            _ => Ok(None),
        }
    }

    /// Responds to a request for a known address with a method that it does not support.
    pub(crate) async fn method_not_allowed(State(pages): State<Self>, request: Request) -> Response {
        pages
            .problem(request.into_parts().0, AppError::MethodNotAllowed)
            .await
    }

    /// Returns whether there is a page at `path`.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.addresses.iter().any(|address| address == path)
    }

    /// Renders the page at the address of `parts`, with the form that was submitted there, if any, to be shown again.
    pub(crate) async fn page(&self, parts: Parts, submission: Option<Submission>) -> Response {
        if parts.uri.path_and_query().is_none() {
            return data(&AppError::Malformed);
        }
        let cookies = Sent::from_headers(&parts.headers);
        let error = submission
            .as_ref()
            .and_then(|submission| submission.error.clone());
        let policy = Policy::default();
        let description = Description::default();
        let scope = self.scope(&parts);
        let site = self.site(scope.as_ref()).await;
        let context = context(Some(Arc::clone(&site)), scope.clone(), submission);
        let links = self.links(scope.as_ref()).await;
        let context = noting(&policy, &description, links, context);
        let (options, client) = (self.0.options.clone(), assets::client(parts.uri.path(), &site));
        let render =
            render_app_async_with_context(context, move || document(options.clone(), client.clone()));
        let known = validator::known(&parts);
        let head = parts.clone();
        let rendered = timeout(RENDERING, render(Request::from_parts(parts, Body::empty()))).await;
        let Ok(response) = rendered else {
            // Something that the page waits for has failed silently or hangs.
            tracing::error!("a page was not rendered in time");
            return self.problem(head, AppError::Internal).await;
        };
        let response = finished(response, error.as_ref(), cookies);
        let mut response = self.described(response, description.take(), &policy, &site).await;
        let is_https = self.0.state.settings.site_url.is_https();
        policy.apply(response.headers_mut(), is_https, site.accent.is_some());
        if let Some(scope) = scope {
            response.extensions_mut().insert(Shown(scope.topics()));
        }
        if cookies.any {
            response
        } else {
            validator::validated(response, &policy, known).await
        }
    }

    /// Responds with an error page, or with the error as data if the request comes from the client.
    pub(crate) async fn problem(&self, parts: Parts, error: AppError) -> Response {
        if wants_data(&parts) || parts.uri.path_and_query().is_none() {
            return data(&error);
        }
        let cookies = Sent::from_headers(&parts.headers);
        let policy = Policy::default();
        let scope = self.scope(&parts);
        let site = self.site(scope.as_ref()).await;
        let links = self.links(scope.as_ref()).await;
        let context = context(Some(Arc::clone(&site)), scope, None);
        let context = noting(&policy, &Description::default(), links, context);
        let (options, client) = (self.0.options.clone(), assets::client(parts.uri.path(), &site));
        let shown = error.clone();
        let render = render_app_async_with_context(context, move || {
            problem_document(options.clone(), client.clone(), shown.clone())
        });
        let response = render(Request::from_parts(parts, Body::empty())).await;
        let response = finished(response, Some(&error), cookies);
        let mut response = self.described(response, None, &policy, &site).await;
        let is_https = self.0.state.settings.site_url.is_https();
        policy.apply(response.headers_mut(), is_https, site.accent.is_some());
        response
    }

    /// Returns the settings of the site, which the page of `scope` shows.
    async fn site(&self, scope: Option<&Scope>) -> Arc<SiteIdentity> {
        match scope {
            Some(scope) => scope.site().await,
            None => self.public().site().await,
        }
    }

    /// Returns the static pages that the page of `scope` links.
    async fn links(&self, scope: Option<&Scope>) -> PageLinks {
        match scope {
            Some(scope) => static_pages::links(scope).await,
            None => static_pages::links(&self.public()).await,
        }
    }

    /// Adds the metadata to a page. An error page has none, because its status is sufficient.
    async fn described(
        &self,
        response: Response,
        metadata: Option<Metadata>,
        policy: &Policy,
        site: &SiteIdentity,
    ) -> Response {
        let (parts, body) = response.into_parts();
        // The body is in memory, so reading it cannot fail.
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        // leptos writes valid UTF-8, so this conversion does not copy the page.
        let page = String::from_utf8(body.into());
        let page = page.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let tags = match parts.status {
            StatusCode::OK => head::render(metadata.as_ref(), policy.nonce(), site, &self.0.state.settings),
            _ => String::new(),
        };
        Response::from_parts(parts, Body::from(head::added(&page, &tags)))
    }
}

/// Returns a function that provides the data of a request to pages and server functions.
pub(crate) fn context(
    site: Option<Arc<SiteIdentity>>,
    scope: Option<Scope>,
    submission: Option<Submission>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        if let Some(site) = site.clone() {
            provide_context(site);
        }
        if let Some(scope) = scope.clone() {
            provide_context(scope);
        }
        if let Some(submission) = submission.clone() {
            provide_context(submission);
        }
    }
}

/// Returns `context`, extended to store the nonce in `policy` and the metadata in `description`, and to provide `links`.
fn noting(
    policy: &Policy,
    description: &Description,
    links: PageLinks,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let (policy, description) = (policy.clone(), description.clone());
    move || {
        policy.note();
        provide_context(description.clone());
        provide_context(links.clone());
        context();
    }
}

/// Returns whether a browser requests a page or submits a form without JavaScript.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Returns an error in the format that the client of a server function reads.
pub(crate) fn data(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(error)).into_response();
    name_retry(&mut response, error);
    response
}

/// Adds `Retry-After` if the error specifies it.
fn name_retry(response: &mut Response, error: &AppError) {
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
}

/// Returns the address without its trailing slash, or `None` if it has none. No page has a trailing slash.
fn without_slash(parts: &Parts) -> Option<String> {
    let path = paths::local(parts.uri.path().strip_suffix('/')?)?;
    Some(
        parts
            .uri
            .query()
            .map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")),
    )
}

fn wants_data(parts: &Parts) -> bool {
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let folders = [paths::SERVER_FUNCTIONS, paths::FORMER_SERVER_FUNCTIONS];
    let is_function = folders.iter().any(|folder| parts.uri.path().starts_with(folder));
    !accepts_html(&parts.headers) && (!reads || is_function)
}

/// Returns the error for a request for data at `path`, which is not known.
fn unknown(path: &str) -> AppError {
    if path.starts_with(paths::SERVER_FUNCTIONS) {
        AppError::Outdated
    } else if path.starts_with(paths::FORMER_SERVER_FUNCTIONS) {
        // A client from that time cannot read `Outdated`. It does not repeat a malformed request, and asks to go back to
        // the page.
        AppError::Malformed
    } else {
        AppError::NotFound
    }
}

/// Returns whether there are cookies other than the theme. The page may then be specific to one person.
pub(crate) fn known_cookies(headers: &HeaderMap) -> bool {
    let mut cookies = headers.get_all(COOKIE).iter();
    cookies.any(|value| !value.to_str().is_ok_and(Theme::is_all_of))
}

/// The relevance of the request's cookies for the response.
#[derive(Clone, Copy)]
struct Sent {
    /// Whether there are any; the page may then be specific to one person.
    any: bool,
    /// Whether one of them contains a flash message, which the page shows.
    flash: bool,
}

impl Sent {
    fn from_headers(headers: &HeaderMap) -> Self {
        let mut cookies = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        Self {
            any: known_cookies(headers),
            flash: cookies.any(|cookies| Flash::in_cookies(cookies).is_some()),
        }
    }
}

/// Sets headers and the status that depend on the whole response: the status of a rejected form or of a redirect, the
/// removal of a flash message that was shown, and caching.
fn finished(mut response: Response, error: Option<&AppError>, cookies: Sent) -> Response {
    // leptos marks a redirect for its own client, unless the request accepts HTML explicitly, which crawlers may not
    // do.
    let redirects =
        response.headers_mut().remove(REDIRECT_HEADER).is_some() || response.status().is_redirection();
    if redirects && response.status() != StatusCode::PERMANENT_REDIRECT {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    if let Some(error) = error {
        name_retry(&mut response, error);
        if let Ok(status) = StatusCode::from_u16(error.status())
            && response.status() == StatusCode::OK
        {
            *response.status_mut() = status;
        }
    }
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("cookie"));
    if cookies.flash
        && !redirects
        && let Ok(removal) = HeaderValue::try_from(flash::removal())
    {
        headers.append(SET_COOKIE, removal);
    }
    // A personal page must not be shown again after logging out, even with the Back button.
    let caching = if cookies.any {
        "no-store"
    } else {
        "private, no-cache"
    };
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(caching));
    response
}
