//! What a page or a server function may tell the HTTP answer that carries it.
//!
//! The same functions exist on both sides: real on the server, and in the browser, where there is no such answer,
//! without effect or by the browser's own means.

use crate::flash::Flash;

/// How large a request may be.
#[cfg(feature = "ssr")]
mod body_limit;

#[cfg(feature = "ssr")]
pub use body_limit::{BodyLimit, FORM_MAX};

#[cfg(feature = "ssr")]
#[path = "http/server.rs"]
mod side;
#[cfg(not(feature = "ssr"))]
#[path = "http/browser.rs"]
mod side;

pub use side::{
    describe, document_title, flash, hide_waiting, leave_links_to_browser, redirect, redirect_permanently,
    request_id, set_status, set_theme, show_waiting, take_flash, take_led_on, theme,
};

/// What the log calls the request that is being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Leads on to `path`, as [`redirect`] does, where `message` is shown.
pub fn redirect_with(message: Flash, path: &str) {
    flash(message);
    redirect(path);
}
