//! The client in parts: whoever reads loads neither the editor nor the pages of an account. The part that comes first has all that
//! is read, and whatever others share with it. What some of the others share has a file for each set of them: hence they are few.
//!
//! A client with parts only runs when it was split, as `frontend/build.mjs` and `cargo leptos watch --split` do.

use std::{error::Error, fmt, future::pending};

use leptos::{ev, prelude::*, task::spawn_local, wasm_bindgen::JsCast, wasm_split::SplitLoaderError};
use leptos_router::hooks::use_url;
use web_sys::{Element, HtmlAnchorElement};

use super::{account::auth_page, member, post, route::Page};
use crate::http;

/// A part of the client has not come: there is no connection, or the site has another version by now.
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

/// A part of the client beyond the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chunk {
    /// The way in.
    Entry,
    /// One's own pages, and those of moderators.
    Member,
    /// The editor.
    Writing,
}

impl Chunk {
    /// What the build calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Member => "member",
            Self::Writing => "writing",
        }
    }

    async fn load(self) -> Result<(), ChunkLoadError> {
        match self {
            Self::Entry => auth_page::load().await?,
            Self::Member => member::load().await?,
            Self::Writing => post::load().await?,
        }
        Ok(())
    }
}

/// Has the browser load the part of the page at `path`.
///
/// # Errors
/// [`ChunkLoadError`] when it does not come.
pub async fn load(path: &str) -> Result<(), ChunkLoadError> {
    match Page::at(path).and_then(Page::part) {
        Some(part) => part.load().await,
        None => Ok(()),
    }
}

/// Has the browser load the part behind a link as soon as somebody turns to it.
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

/// Waits for the `part` of the page that somebody has turned to, and lets them see that.
pub(super) async fn awaited(part: Option<Chunk>) {
    let waiting = http::show_waiting();
    if let Some(part) = part {
        // Without it, the page comes from the server.
        let _ = part.load().await;
    }
    http::hide_waiting(waiting);
}

/// The page, or, when its part does not come, the same page from the server.
pub(super) async fn shown(page: impl Future<Output = Result<AnyView, ChunkLoadError>>) -> AnyView {
    // What the address bar shows may still be the page before.
    let address = use_url().with_untracked(|url| match url.search() {
        "" => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    });
    if let Ok(page) = page.await {
        return page;
    }
    // Whoever does not let the browser go there, for the sake of a text, can still follow links.
    http::leave_links_to_browser();
    // The browser says so itself when there is no connection.
    let _ = location().assign(&address);
    // Until it comes, what is here stays as it is.
    pending().await
}

async fn ahead(path: String) {
    // Whoever comes to the page asks for it again.
    let _ = load(&path).await;
}
