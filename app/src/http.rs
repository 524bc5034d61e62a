//! The effects of pages and server functions on the HTTP response.
//!
//! The same functions exist on both sides. In the browser, where there is no response, they have no effect or use the
//! browser's own means.

use crate::flash::Flash;

#[cfg(feature = "ssr")]
#[path = "http/server.rs"]
mod side;
#[cfg(not(feature = "ssr"))]
#[path = "http/browser.rs"]
mod side;

pub use side::{
    describe, describe_comments, document_title, flash, hide_waiting, keep_private, leave_links_to_browser,
    load, local, page_links, redirect, redirect_permanently, reload, request_id, set_status, set_theme,
    show_waiting, site, take_flash, take_led_on, theme,
};

/// The id of the current request in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Redirects to `path` like [`redirect`], where `message` is shown.
pub fn redirect_with(message: Flash, path: &str) {
    flash(message);
    redirect(path);
}
