//! The server's implementation of [`crate::http`].

use std::sync::Arc;

use axum::http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, COOKIE, LOCATION, REFERRER_POLICY, SET_COOKIE},
    request::Parts,
};
use domain::site::time_zone;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use shared::model::{comment::CommentFacts, site::SiteIdentity, static_page::PageLinks};
use time::OffsetDateTime;

use super::RequestId;
use crate::{
    flash::Flash,
    metadata::{Description, Metadata},
    site::use_site,
    theme::Theme,
};

/// Sets the status code of the response.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Sets the metadata of the page that is being rendered.
pub fn describe(metadata: impl FnOnce() -> Metadata) {
    if let Some(description) = use_context::<Description>() {
        description.set(metadata());
    }
}

/// Adds the comments that the page shows to its metadata.
pub fn describe_comments(facts: impl FnOnce() -> Vec<CommentFacts>) {
    if let Some(description) = use_context::<Description>() {
        description.add_comments(facts());
    }
}

/// Redirects to `path`, a path from [`shared::paths`]. The caller must return right after it.
pub fn redirect(path: &str) {
    // leptos_axum panics if the value is not a valid header.
    if HeaderValue::from_str(path).is_ok() {
        leptos_axum::redirect(path);
    } else {
        tracing::error!(path, "refused to redirect to an invalid address");
        set_status(500);
    }
}

/// Permanently redirects to `path` (308).
pub fn redirect_permanently(path: &str) {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.insert_header(LOCATION, location);
        response.set_status(StatusCode::PERMANENT_REDIRECT);
    }
}

/// Has neither caches nor search engines keep the response, and does not tell other sites its address.
pub fn keep_private() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.insert_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response.insert_header(
            HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex"),
        );
    }
}

/// Returns the settings of the site.
#[must_use]
pub fn site() -> Option<Arc<SiteIdentity>> {
    use_context()
}

/// Returns the static pages that are linked on every page.
#[must_use]
pub fn page_links() -> Option<PageLinks> {
    use_context()
}

/// Returns `at` in the time zone of the site and the abbreviation of the time zone.
#[must_use]
pub fn local(at: OffsetDateTime) -> (OffsetDateTime, String) {
    time_zone::local(at, &use_site().time_zone)
}

/// No effect: every response of the server is a new document.
pub fn reload() {}

/// No effect, like [`reload`].
pub fn load(_path: &str) {}

/// Returns the id of the request in the log.
#[must_use]
pub fn request_id() -> Option<String> {
    use_context::<Parts>()?
        .extensions
        .get::<RequestId>()
        .map(|RequestId(id)| id.clone())
}

/// Shows `message` on the next page.
pub fn flash(message: Flash) {
    if let (Some(response), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::try_from(message.to_cookie()),
    ) {
        // leptos may run a view twice before the response is sent.
        let said = response
            .0
            .read()
            .is_ok_and(|parts| parts.headers.get_all(SET_COOKIE).iter().any(|it| *it == cookie));
        if !said {
            response.append_header(SET_COOKIE, cookie);
        }
    }
}

/// Returns the message for this page. The router removes the cookie when the page is sent.
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

/// Always `false`: every page of the server is visible.
#[must_use]
pub fn take_led_on() -> bool {
    false
}

/// Returns the theme.
#[must_use]
pub fn theme() -> Theme {
    let parts = use_context::<Parts>();
    let cookies = parts
        .as_ref()
        .and_then(|parts| parts.headers.get(COOKIE)?.to_str().ok());
    Theme::in_cookies(cookies.unwrap_or_default())
}

/// No effect: the form is handled by another route.
pub fn set_theme(_theme: Theme) {}

/// No effect: the browser shows its own indicator.
pub fn show_waiting() -> u32 {
    0
}

/// No effect, like [`show_waiting`].
pub fn hide_waiting(_navigation: u32) {}

/// No effect: links of a document always load documents.
pub fn leave_links_to_browser() {}

/// Escapes `title`, which `leptos_meta` does not.
#[must_use]
pub fn document_title(title: &str) -> String {
    title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
