//! The browser's implementation of [`crate::http`].

use std::{cell::Cell, sync::Arc};

use leptos::{
    prelude::{document, window},
    server::codee::Decoder,
    wasm_bindgen::{JsCast, closure::Closure},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use web_sys::{Element, Event, HtmlDocument};

use crate::{
    flash::{self, Flash},
    metadata::Metadata,
    page_links,
    resource::Json,
    site,
    theme::Theme,
};
use shared::model::{comment::CommentFacts, site::SiteIdentity, static_page::PageLinks};

/// No effect: there is no response in the browser.
pub fn set_status(_status: u16) {}

/// No effect: metadata is only read from the server's pages.
pub fn describe(_metadata: impl FnOnce() -> Metadata) {}

/// No effect, like [`describe`].
pub fn describe_comments(_facts: impl FnOnce() -> Vec<CommentFacts>) {}

/// No effect: there is no response in the browser.
pub fn keep_private() {}

/// Navigates to `path`, a path from [`shared::paths`]. The caller must return right after it.
pub fn redirect(path: &str) {
    LED_ON.set(true);
    use_navigate()(
        path,
        NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        },
    );
}

/// Returns whether the previous page only called [`redirect`], and resets that.
#[must_use]
pub fn take_led_on() -> bool {
    LED_ON.take()
}

/// Same as [`redirect`]: only an HTTP response can be permanent.
pub fn redirect_permanently(path: &str) {
    redirect(path);
}

/// Returns the settings of the site in the document.
#[must_use]
pub fn site() -> Option<Arc<SiteIdentity>> {
    from_meta(site::META).map(Arc::new)
}

/// Returns the static pages that are linked on every page.
#[must_use]
pub fn page_links() -> Option<PageLinks> {
    from_meta(page_links::META)
}

/// Reads the data that the server has written into the element `meta` with this name.
fn from_meta<T: DeserializeOwned>(name: &str) -> Option<T> {
    let meta = document().query_selector(&format!("meta[name={name}]")).ok()??;
    Json::decode(&meta.get_attribute("content")?).ok()
}

/// Returns `at` in UTC, which `scripts/clock.js` converts to the local time.
#[must_use]
pub fn local(at: OffsetDateTime) -> (OffsetDateTime, String) {
    (at, "UTC".to_owned())
}

/// Loads the document at `path`, because something has changed that every page shows.
pub fn load(path: &str) {
    // Fails only if the document is being left.
    let _ = window().location().set_href(path);
}

/// Loads the document again, because something has changed that every page shows.
pub fn reload() {
    // Fails only if the document is being left.
    let _ = window().location().reload();
}

/// Always `None`: request ids are only known to the server.
#[must_use]
pub fn request_id() -> Option<String> {
    None
}

/// Shows `message` on the next page.
pub fn flash(message: Flash) {
    set_cookie(&message.to_cookie());
}

/// Removes and returns the message for this page.
#[must_use]
pub fn take_flash() -> Option<Flash> {
    let cookies = html_document()?.cookie().ok()?;
    let message = Flash::in_cookies(&cookies)?;
    set_cookie(&flash::removal());
    Some(message)
}

/// Returns the theme.
#[must_use]
pub fn theme() -> Theme {
    let cookies = html_document().and_then(|document| document.cookie().ok());
    Theme::in_cookies(&cookies.unwrap_or_default())
}

/// Sets the theme for this and all further pages.
pub fn set_theme(theme: Theme) {
    set_cookie(&theme.to_cookie());
    if let Some(root) = document().document_element() {
        // The attribute name is valid.
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

thread_local! {
    static LED_ON: Cell<bool> = const { Cell::new(false) };
    static NAVIGATIONS: Cell<u32> = const { Cell::new(0) };
    static LEFT_TO_BROWSER: Cell<bool> = const { Cell::new(false) };
}

/// Shows that a navigation is in progress and returns its number. A later navigation replaces it.
pub fn show_waiting() -> u32 {
    let navigation = NAVIGATIONS.get().wrapping_add(1);
    NAVIGATIONS.set(navigation);
    set_waiting(true);
    navigation
}

/// Hides the indicator, unless a later navigation is in progress.
pub fn hide_waiting(navigation: u32) {
    if NAVIGATIONS.get() == navigation {
        set_waiting(false);
    }
}

fn set_waiting(is_waiting: bool) {
    if let Some(root) = document().document_element() {
        // The attribute name is valid.
        let _ = root.toggle_attribute_with_force("data-waiting", is_waiting);
    }
}

/// Makes all further links load documents, as without the client.
pub fn leave_links_to_browser() {
    if LEFT_TO_BROWSER.replace(true) {
        return;
    }
    let before_the_router = Closure::<dyn Fn(Event)>::new(|event: Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let address = link.and_then(|link| link.get_attribute("href"));
        // Links within this page are not affected.
        if address.is_some_and(|address| !address.starts_with('#')) {
            event.stop_propagation();
        }
    });
    // The event name is valid.
    let _ = window().add_event_listener_with_callback_and_bool(
        "click",
        before_the_router.as_ref().unchecked_ref(),
        true,
    );
    before_the_router.forget();
}

/// Returns `title` unchanged: the browser sets it as text.
#[must_use]
pub fn document_title(title: &str) -> String {
    title.to_owned()
}

fn set_cookie(cookie: &str) {
    if let Some(document) = html_document() {
        // If cookies are disabled, there is no message.
        let _ = document.set_cookie(cookie);
    }
}

fn html_document() -> Option<HtmlDocument> {
    document().dyn_into().ok()
}
