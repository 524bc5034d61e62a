//! Pages, rendered on the server.

use app::{
    app::{Client, document, problem_document},
    backend::{AppState, Ctx},
    error::AppError,
    flash::{self, Flash},
    forms::Submission,
    paths,
};
use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, COOKIE, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use leptos::{config::LeptosOptions, prelude::provide_context, server_fn::redirect::REDIRECT_HEADER};
use leptos_axum::render_app_async_with_context;
use tower_sessions::Session;

use crate::assets;

/// Renders the site's pages.
#[derive(Clone)]
pub(crate) struct Pages {
    state: AppState,
    options: LeptosOptions,
    client: Client,
    addresses: &'static [String],
}

impl Pages {
    /// Renders the pages at `addresses` with this state.
    pub(crate) fn new(state: AppState, options: LeptosOptions, addresses: &'static [String]) -> Self {
        let client = assets::client(&options);
        Self {
            state,
            options,
            client,
            addresses,
        }
    }

    /// The page at the request's address; the route table has a page for an address that leads nowhere, too.
    pub(crate) async fn render(State(pages): State<Self>, request: Request) -> Response {
        pages.page(request.into_parts().0, None).await
    }

    /// An address that leads nowhere.
    pub(crate) async fn not_found(State(pages): State<Self>, request: Request) -> Response {
        let parts = request.into_parts().0;
        if let Some(address) = without_slash(&parts) {
            Redirect::permanent(&address).into_response()
        } else if wants_data(&parts) {
            data(&AppError::NotFound)
        } else {
            pages.page(parts, None).await
        }
    }

    /// A known address, used in a way that it is not for.
    pub(crate) async fn method_not_allowed(State(pages): State<Self>, request: Request) -> Response {
        pages
            .problem(request.into_parts().0, AppError::MethodNotAllowed)
            .await
    }

    /// Whether there is a page at `path`.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.addresses.iter().any(|address| address == path)
    }

    /// The page at the address of `parts`, with the form that was posted there and could not be accepted.
    pub(crate) async fn page(&self, parts: Parts, submission: Option<Submission>) -> Response {
        if parts.uri.path_and_query().is_none() {
            return data(&AppError::Malformed);
        }
        let cookies = Cookies::of(&parts.headers);
        let status = submission.as_ref().map(|submission| submission.error.status());
        let context = self.context(&parts, submission);
        let (options, client) = (self.options.clone(), self.client.clone());
        let render =
            render_app_async_with_context(context, move || document(options.clone(), client.clone()));
        let response = render(Request::from_parts(parts, Body::empty())).await;
        finished(response, status, cookies)
    }

    /// A page, or data for a server function, that says only what went wrong.
    pub(crate) async fn problem(&self, parts: Parts, error: AppError) -> Response {
        if wants_data(&parts) || parts.uri.path_and_query().is_none() {
            return data(&error);
        }
        let cookies = Cookies::of(&parts.headers);
        let context = self.context(&parts, None);
        let options = self.options.clone();
        let render =
            render_app_async_with_context(context, move || problem_document(options.clone(), error.clone()));
        finished(
            render(Request::from_parts(parts, Body::empty())).await,
            None,
            cookies,
        )
    }

    /// Makes known to pages and server functions what they need of a request.
    pub(crate) fn context(
        &self,
        parts: &Parts,
        submission: Option<Submission>,
    ) -> impl Fn() + Clone + Send + Sync + 'static {
        let session = parts.extensions.get::<Session>();
        let ctx = session.map(|session| Ctx::new(self.state.clone(), session.clone()));
        move || {
            if let Some(ctx) = ctx.clone() {
                provide_context(ctx);
            }
            if let Some(submission) = submission.clone() {
                provide_context(submission);
            }
        }
    }
}

/// Whether a browser asks for a page, or sends a form by itself.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// An error as the client of a server function reads it.
pub(crate) fn data(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(error)).into_response()
}

/// The same address without a slash at its end, which no page has.
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
    !accepts_html(&parts.headers) && (!reads || parts.uri.path().starts_with(paths::API))
}

/// What a request's cookies mean for the answer.
#[derive(Clone, Copy)]
struct Cookies {
    /// There are some: the page may be one person's alone.
    any: bool,
    /// One is a message, which the page shows.
    flash: bool,
}

impl Cookies {
    fn of(headers: &HeaderMap) -> Self {
        let mut cookies = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        Self {
            any: headers.get(COOKIE).is_some_and(|value| !value.is_empty()),
            flash: cookies.any(|cookies| Flash::in_cookies(cookies).is_some()),
        }
    }
}

/// Sets what only the whole answer can tell: the status of a refused form or of a redirect, whether the message has been
/// shown, and that the page depends on who asks.
fn finished(mut response: Response, status: Option<u16>, cookies: Cookies) -> Response {
    // leptos marks a redirect for its own client unless the request says that it accepts HTML; crawlers need not.
    let redirects =
        response.headers_mut().remove(REDIRECT_HEADER).is_some() || response.status().is_redirection();
    if redirects && response.status() != StatusCode::PERMANENT_REDIRECT {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok())
        && response.status() == StatusCode::OK
    {
        *response.status_mut() = status;
    }
    let headers = response.headers_mut();
    if cookies.flash
        && !redirects
        && let Ok(removal) = HeaderValue::try_from(flash::removal())
    {
        headers.append(SET_COOKIE, removal);
    }
    // What one person saw is not shown again after they have gone, not even by the button Back.
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
