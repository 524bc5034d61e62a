//! The chunks of the client, so that readers load neither the editor nor the account pages. The first chunk contains
//! the pages for reading and all code that other chunks share with it. Code shared by some of the other chunks is in
//! one file per set of chunks, which is why there are few.
//!
//! A client with chunks only runs after splitting, as `frontend/build.mjs` and `cargo leptos watch --split` do.

use std::{error::Error, fmt, future::pending};

use leptos::{ev, prelude::*, task::spawn_local, wasm_bindgen::JsCast, wasm_split::SplitLoaderError};
use leptos_router::hooks::use_url;
use web_sys::{Element, HtmlAnchorElement};

use super::route::{Chunk, PageRoute};
use crate::http;

/// A chunk that could not be loaded, because there is no connection or the site has been updated.
#[derive(Debug)]
pub struct ChunkLoadError;

impl fmt::Display for ChunkLoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of the client failed to load")
    }
}

impl Error for ChunkLoadError {}

impl From<SplitLoaderError> for ChunkLoadError {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Loads the chunk of the page at `path`.
///
/// # Errors
///
/// Returns [`ChunkLoadError`] if it cannot be loaded.
pub async fn load(path: &str) -> Result<(), ChunkLoadError> {
    match PageRoute::at(path).and_then(PageRoute::chunk) {
        Some(chunk) => chunk.load().await,
        None => Ok(()),
    }
}

/// Loads the chunk of a link when it is hovered or focused.
pub fn load_on_intent() {
    Effect::new(move |_| {
        let turn = |event: &web_sys::Event| {
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
            let link = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
            if let Some(link) =
                link.filter(|link| location().origin().is_ok_and(|here| here == link.origin()))
            {
                spawn_local(ahead(link.pathname()));
            }
        };
        let rests = window_event_listener(ev::pointerover, move |event| turn(&event));
        let focuses = window_event_listener(ev::focusin, move |event| turn(&event));
        on_cleanup(move || {
            rests.remove();
            focuses.remove();
        });
    });
}

/// Loads the chunk of a page that is being navigated to, with an indicator.
pub(super) async fn awaited(chunk: Option<Chunk>) {
    let waiting = http::show_waiting();
    if let Some(chunk) = chunk {
        // On failure the page is loaded from the server.
        let _ = chunk.load().await;
    }
    http::hide_waiting(waiting);
}

/// Returns the page or, if its chunk cannot be loaded, loads the document from the server.
pub(super) async fn shown(page: impl Future<Output = Result<AnyView, ChunkLoadError>>) -> AnyView {
    // The URL of the router, because the address bar may still show the previous page.
    let address = use_url().with_untracked(|url| match url.search() {
        "" => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    });
    if let Ok(page) = page.await {
        return page;
    }
    // The visitor may stay, to keep an unsaved text; links then load documents.
    http::leave_links_to_browser();
    // The browser reports a missing connection.
    let _ = location().assign(&address);
    // Keeps the current page until the document is loaded.
    pending().await
}

async fn ahead(path: String) {
    // A failed chunk is requested again on navigation.
    let _ = load(&path).await;
}
