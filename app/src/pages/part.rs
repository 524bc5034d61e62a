//! The client in parts: whoever reads loads neither the editor nor the pages of an account. The part that comes first has all that
//! is read, and whatever others share with it. What some of the others share has a file for each set of them: hence they are few.
//!
//! A client with parts only runs when it was built with `cargo leptos --split`.

use std::{error::Error, fmt, future::pending};

use leptos::{ev, prelude::*, task::spawn_local, wasm_bindgen::JsCast, wasm_split::SplitLoaderError};
use leptos_router::hooks::use_url;
use web_sys::{Element, HtmlAnchorElement};

use super::{account::entry, member, post};
use crate::{http, paths};

/// A part of the client has not come: there is no connection, or the site has another version by now.
#[derive(Debug)]
pub struct Absent;

impl fmt::Display for Absent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a part of the client has not come")
    }
}

impl Error for Absent {}

impl From<SplitLoaderError> for Absent {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// A part of the client beyond the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The way in.
    Entry,
    /// One's own pages, and those of moderators.
    Member,
    /// The editor.
    Writing,
}

impl Part {
    /// The one that the page at `path` is in; `None` for what is in the first part: all that is read.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let below = |above| path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
        match path {
            paths::NEW_POST
            | paths::UPDATE_POST
            | paths::DELETE_POST
            | paths::DISCARD_DRAFT
            | paths::NEW_IMAGE => Some(Self::Writing),
            paths::REGISTER
            | paths::LOGIN
            | paths::FORGOT_PASSWORD
            | paths::RESET_PASSWORD
            | paths::CONFIRM_EMAIL
            | paths::FIRST_ADMINISTRATOR => Some(Self::Entry),
            paths::ACCOUNT | paths::MODERATION => Some(Self::Member),
            _ if below(paths::ACCOUNT) || below(paths::MODERATION) => Some(Self::Member),
            _ => None,
        }
    }

    /// What the build calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Member => "member",
            Self::Writing => "writing",
        }
    }
}

/// Has the browser load the part of the page at `path`.
///
/// # Errors
/// [`Absent`] when it does not come.
pub async fn load(path: &str) -> Result<(), Absent> {
    match Part::at(path) {
        Some(Part::Entry) => entry::load().await?,
        Some(Part::Member) => member::load().await?,
        Some(Part::Writing) => post::load().await?,
        None => {}
    }
    Ok(())
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

/// The page, or, when its part does not come, the same page from the server.
pub(super) async fn shown(page: impl Future<Output = Result<AnyView, Absent>>) -> AnyView {
    // What the address bar shows may still be the page before.
    let address = use_url().with_untracked(|url| match url.search() {
        "" => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    });
    if let Ok(page) = page.await {
        return page;
    }
    // The browser says so itself when there is no connection.
    let _ = location().assign(&address);
    // Until it comes, what is here stays as it is.
    pending().await
}

/// Waits for a part on the way to its page, and lets whoever waits as well see that.
pub(super) async fn awaited(loading: impl Future<Output = Result<(), SplitLoaderError>>) {
    http::show_waiting(true);
    // Without it, the page comes from the server.
    let _ = loading.await;
    http::show_waiting(false);
}

async fn ahead(path: String) {
    // Whoever comes to the page asks for it again.
    let _ = load(&path).await;
}
