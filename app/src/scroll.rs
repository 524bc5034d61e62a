//! How far a page was scrolled when it was left: whoever goes back to it in the browser's history returns there.
//!
//! Browsers do this by themselves between documents. Between pages that the client shows they do it, each in its own way, before
//! the page is there. So the client notes how far each entry of the history is scrolled, and returns there once its page is.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use js_sys::{Date, Reflect};
use leptos::{
    ev,
    prelude::{Effect, on_cleanup, request_animation_frame, window, window_event_listener},
    wasm_bindgen::JsValue,
};

/// The key in the session's storage under which a document leaves its notes to the next one.
const STORED: &str = "scroll";
/// A page that has not become long enough within so many frames never will.
const FRAMES_MAX: u32 = 120;

thread_local! {
    /// How far each entry of the history is scrolled, by its key.
    static PLACES: RefCell<BTreeMap<String, f64>> = const { RefCell::new(BTreeMap::new()) };
    /// Where the page is to be scrolled to once it is there.
    static WANTED: Cell<Option<f64>> = const { Cell::new(None) };
    /// The address of the page that is there.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Notes from now on how far pages are scrolled, and returns there.
pub fn keep_places() {
    Effect::new(move |before: Option<()>| {
        if before.is_some() {
            return;
        }
        read_notes();
        // The browser has left it to a client that was here before.
        let is_left_to_client = restoration().as_deref() == Some("manual");
        leave_to("manual");
        if is_left_to_client {
            WANTED.set(key().and_then(|key| place_of(&key)));
            return_to_place(FRAMES_MAX);
        } else {
            note();
        }
        let listeners = [
            window_event_listener(ev::scroll, |_| note()),
            window_event_listener(ev::popstate, |_| go_back()),
            // Whoever does something by then wants to be nowhere else.
            window_event_listener(ev::wheel, |_| WANTED.set(None)),
            window_event_listener(ev::touchstart, |_| WANTED.set(None)),
            window_event_listener(ev::keydown, |_| WANTED.set(None)),
            window_event_listener(ev::pointerdown, |_| {
                WANTED.set(None);
                note();
            }),
            // Another document leaves it to the browser again.
            window_event_listener(ev::pagehide, |_| {
                write_notes();
                leave_to("auto");
            }),
            window_event_listener(ev::pageshow, |_| leave_to("manual")),
        ];
        on_cleanup(move || {
            for listener in listeners {
                listener.remove();
            }
        });
    });
}

/// Tells that the page at this address is there with all that is on it.
pub fn page_is_shown() {
    SHOWN.set(address());
    return_to_place(FRAMES_MAX);
}

/// Another entry of the history is the present one.
fn go_back() {
    let place = key().and_then(|key| place_of(&key));
    if place.is_none() && !window().location().hash().unwrap_or_default().is_empty() {
        // A link has led to a part of the page: browsers tell of that in the same way, and go there.
        return;
    }
    // A page without a note was never scrolled.
    WANTED.set(Some(place.unwrap_or_default()));
    if SHOWN.with_borrow(|shown| *shown == address()) {
        // The same page, at another of its parts.
        return_to_place(FRAMES_MAX);
    }
}

/// Scrolls to where the page was, as soon as it is long enough.
fn return_to_place(frames: u32) {
    request_animation_frame(move || {
        let Some(wanted) = WANTED.get() else {
            return;
        };
        window().scroll_to_with_x_and_y(0.0, wanted);
        if (scrolled() - wanted).abs() < 1.5 || frames == 0 {
            WANTED.set(None);
            note();
        } else {
            return_to_place(frames - 1);
        }
    });
}

/// Notes how far the page is scrolled. On its way to where it was, it is nowhere yet.
fn note() {
    if WANTED.get().is_some() {
        return;
    }
    if let Some(key) = key() {
        PLACES.with_borrow_mut(|places| places.insert(key, scrolled()));
    }
}

fn scrolled() -> f64 {
    window().scroll_y().unwrap_or_default()
}

fn place_of(key: &str) -> Option<f64> {
    PLACES.with_borrow(|places| places.get(key).copied())
}

/// Returns the key of the present entry of the history: the time at which it was first asked for.
fn key() -> Option<String> {
    let history = window().history().ok()?;
    if let Some(key) = history.state().ok().and_then(|state| state.as_string()) {
        return Some(key);
    }
    let key = Date::now().to_string();
    history
        .replace_state_with_url(&JsValue::from_str(&key), "", None)
        .ok()?;
    Some(key)
}

/// The address of the present page, without the part of it.
fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Who returns to where a page was.
fn restoration() -> Option<String> {
    let history = window().history().ok()?;
    Reflect::get(&history, &JsValue::from_str("scrollRestoration"))
        .ok()?
        .as_string()
}

/// Has `whom` return to where a page was: the browser (`auto`) or the client (`manual`).
fn leave_to(whom: &str) {
    if let Ok(history) = window().history() {
        // At worst, both do.
        let _ = Reflect::set(
            &history,
            &JsValue::from_str("scrollRestoration"),
            &JsValue::from_str(whom),
        );
    }
}

fn read_notes() {
    let stored = window()
        .session_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(STORED).ok().flatten());
    if let Some(places) = stored.and_then(|text| serde_json::from_slice(text.as_bytes()).ok()) {
        PLACES.set(places);
    }
}

fn write_notes() {
    let text = PLACES.with_borrow(|places| serde_json::to_string(places).ok());
    if let (Ok(Some(storage)), Some(text)) = (window().session_storage(), text) {
        // A browser that keeps nothing goes to the top.
        let _ = storage.set_item(STORED, &text);
    }
}
