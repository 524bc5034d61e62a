//! Scroll restoration: going back in the browser's history returns to the previous scroll position.
//!
//! Browsers restore it themselves between documents. Between pages shown by the client they do so inconsistently and
//! before the page is rendered. The client therefore records the position of each history entry and restores it
//! afterwards.

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

/// The key in the session storage that passes the positions to the next document.
const STORED: &str = "scroll";
/// The maximum number of frames to wait for a page to become long enough.
const FRAMES_MAX: u32 = 120;

thread_local! {
    /// The scroll position of each history entry, by its key.
    static PLACES: RefCell<BTreeMap<String, f64>> = const { RefCell::new(BTreeMap::new()) };
    /// The scroll position to restore once the page is rendered.
    static WANTED: Cell<Option<f64>> = const { Cell::new(None) };
    /// The URL of the rendered page.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Starts recording and restoring scroll positions.
pub fn keep_places() {
    Effect::new(move |before: Option<()>| {
        if before.is_some() {
            return;
        }
        read_notes();
        // An earlier client in this tab has disabled the browser's restoration.
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
            // Any interaction cancels a pending restoration.
            window_event_listener(ev::wheel, |_| WANTED.set(None)),
            window_event_listener(ev::touchstart, |_| WANTED.set(None)),
            window_event_listener(ev::keydown, |_| WANTED.set(None)),
            window_event_listener(ev::pointerdown, |_| {
                WANTED.set(None);
                note();
            }),
            // Re-enables the browser's restoration for the next document.
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

/// Reports that the page at the current URL is completely rendered.
pub fn page_is_shown() {
    SHOWN.set(address());
    return_to_place(FRAMES_MAX);
}

/// Handles a change of the current history entry.
fn go_back() {
    let place = key().and_then(|key| place_of(&key));
    if place.is_none() && !window().location().hash().unwrap_or_default().is_empty() {
        // A fragment link triggers the same event, and the browser scrolls to its target.
        return;
    }
    // A page without a recorded position was never scrolled.
    WANTED.set(Some(place.unwrap_or_default()));
    if SHOWN.with_borrow(|shown| *shown == address()) {
        // The same page with another fragment.
        return_to_place(FRAMES_MAX);
    }
}

/// Restores the scroll position as soon as the page is long enough.
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

/// Records the scroll position, unless a restoration is pending.
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

/// Returns the key of the current history entry: the time at which it was first requested.
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

/// Returns the current URL without the fragment.
fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Returns the browser's scroll restoration mode.
fn restoration() -> Option<String> {
    let history = window().history().ok()?;
    Reflect::get(&history, &JsValue::from_str("scrollRestoration"))
        .ok()?
        .as_string()
}

/// Sets the scroll restoration mode: by the browser (`auto`) or by the client (`manual`).
fn leave_to(whom: &str) {
    if let Ok(history) = window().history() {
        // On failure both restore the position.
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
        // Without session storage, the next document starts at the top.
        let _ = storage.set_item(STORED, &text);
    }
}
