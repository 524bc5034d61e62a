//! The server's side of [`crate::http`].

use axum::http::{
    HeaderValue, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::RequestId;
use crate::{
    flash::Flash,
    metadata::{Description, Metadata},
    theme::Theme,
};

/// Sets the status of the page that is being rendered.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Tells machines what the page is that is being rendered.
pub fn describe(metadata: impl FnOnce() -> Metadata) {
    if let Some(description) = use_context::<Description>() {
        description.set(metadata());
    }
}

/// Leads on to `path`, an address of this site from [`shared::paths`]. Nothing may come after it.
pub fn redirect(path: &str) {
    // leptos_axum panics on a value that is no header.
    if HeaderValue::from_str(path).is_ok() {
        leptos_axum::redirect(path);
    } else {
        tracing::error!(path, "refused to redirect to an invalid address");
        set_status(500);
    }
}

/// Tells crawlers and browsers that this page has moved to `path` for good (308).
pub fn redirect_permanently(path: &str) {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.insert_header(LOCATION, location);
        response.set_status(StatusCode::PERMANENT_REDIRECT);
    }
}

/// What the log calls this request.
#[must_use]
pub fn request_id() -> Option<String> {
    use_context::<Parts>()?
        .extensions
        .get::<RequestId>()
        .map(|RequestId(id)| id.clone())
}

/// Has the next page show `message`.
pub fn flash(message: Flash) {
    if let (Some(response), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::try_from(message.to_cookie()),
    ) {
        // leptos may run a view twice before it is sent.
        let said = response
            .0
            .read()
            .is_ok_and(|parts| parts.headers.get_all(SET_COOKIE).iter().any(|it| *it == cookie));
        if !said {
            response.append_header(SET_COOKIE, cookie);
        }
    }
}

/// The message that this page has to show. The router takes it out of the cookie when the page is sent.
#[must_use]
pub fn take_flash() -> Option<Flash> {
    let parts = use_context::<Parts>()?;
    let mut cookies = parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies.find_map(Flash::in_cookies)
}

/// No: every page of the server's is one that is read.
#[must_use]
pub fn take_led_on() -> bool {
    false
}

/// How the visitor wants pages to look.
#[must_use]
pub fn theme() -> Theme {
    let parts = use_context::<Parts>();
    let cookies = parts
        .as_ref()
        .and_then(|parts| parts.headers.get(COOKIE)?.to_str().ok());
    Theme::in_cookies(cookies.unwrap_or_default())
}

/// Without effect: the form that chooses is answered elsewhere.
pub fn set_theme(_theme: Theme) {}

/// Without effect: the browser shows it by itself.
pub fn show_waiting() -> u32 {
    0
}

/// Without effect, as [`show_waiting`].
pub fn hide_waiting(_navigation: u32) {}

/// Without effect: a document's links always do.
pub fn leave_links_to_browser() {}

/// `title` escaped: `leptos_meta` writes a document's title into the page as it is.
#[must_use]
pub fn document_title(title: &str) -> String {
    title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
