//! The browser's side of [`crate::http`].

use std::cell::Cell;

use leptos::{
    prelude::{document, window},
    wasm_bindgen::{JsCast, closure::Closure},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::{Element, Event, HtmlDocument};

use crate::{
    flash::{self, Flash},
    metadata::Metadata,
    theme::Theme,
};

/// Without effect: a page in the browser has no status.
pub fn set_status(_status: u16) {}

/// Without effect: machines read the server's pages.
pub fn describe(_metadata: impl FnOnce() -> Metadata) {}

/// Leads on to `path`, an address of this site from [`shared::paths`]. Nothing may come after it.
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

/// Whether the page before this one has led here by [`redirect`], and was nothing to read. It is told once.
#[must_use]
pub fn take_led_on() -> bool {
    LED_ON.take()
}

/// The same as [`redirect`]: only the server's answer can say "for good".
pub fn redirect_permanently(path: &str) {
    redirect(path);
}

/// None: only the server's log has such names.
#[must_use]
pub fn request_id() -> Option<String> {
    None
}

/// Has the next page show `message`.
pub fn flash(message: Flash) {
    set_cookie(&message.to_cookie());
}

/// The message that this page has to show; it is not there a second time.
#[must_use]
pub fn take_flash() -> Option<Flash> {
    let cookies = html_document()?.cookie().ok()?;
    let message = Flash::in_cookies(&cookies)?;
    set_cookie(&flash::removal());
    Some(message)
}

/// How the visitor wants pages to look.
#[must_use]
pub fn theme() -> Theme {
    let cookies = html_document().and_then(|document| document.cookie().ok());
    Theme::in_cookies(&cookies.unwrap_or_default())
}

/// Has this page and those to come look so.
pub fn set_theme(theme: Theme) {
    set_cookie(&theme.to_cookie());
    if let Some(root) = document().document_element() {
        // An attribute of this name is always taken.
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

thread_local! {
    static LED_ON: Cell<bool> = const { Cell::new(false) };
    static NAVIGATIONS: Cell<u32> = const { Cell::new(0) };
    static LEFT_TO_BROWSER: Cell<bool> = const { Cell::new(false) };
}

/// Shows that another page is on its way; what it gives tells when that has come. Whoever has turned to a third page meanwhile waits
/// for that one.
pub fn show_waiting() -> u32 {
    let navigation = NAVIGATIONS.get().wrapping_add(1);
    NAVIGATIONS.set(navigation);
    set_waiting(true);
    navigation
}

/// Nobody waits any more for the page of this `navigation`.
pub fn hide_waiting(navigation: u32) {
    if NAVIGATIONS.get() == navigation {
        set_waiting(false);
    }
}

fn set_waiting(is_waiting: bool) {
    if let Some(root) = document().document_element() {
        // An attribute of this name is always taken.
        let _ = root.toggle_attribute_with_force("data-waiting", is_waiting);
    }
}

/// From now on, a link to another page leads to a document as it would without the client.
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
        // One within this page is this page's.
        if address.is_some_and(|address| !address.starts_with('#')) {
            event.stop_propagation();
        }
    });
    // Listening to an event of this name cannot fail.
    let _ = window().add_event_listener_with_callback_and_bool(
        "click",
        before_the_router.as_ref().unchecked_ref(),
        true,
    );
    before_the_router.forget();
}

/// `title` as it is: the browser takes it as text.
#[must_use]
pub fn document_title(title: &str) -> String {
    title.to_owned()
}

fn set_cookie(cookie: &str) {
    if let Some(document) = html_document() {
        // A browser that refuses cookies shows no message; there is nothing to do about it here.
        let _ = document.set_cookie(cookie);
    }
}

fn html_document() -> Option<HtmlDocument> {
    document().dyn_into().ok()
}
