//! The static pages that are linked on every page.

use leptos::{prelude::*, task::spawn_local};

use crate::{api::static_page::links, http};
use shared::model::static_page::PageLinks;

/// The name of the element in the document's head from which the client reads the links.
pub const META: &str = "page-links";

/// The static pages in the navigation bar and in the footer.
#[derive(Clone, Copy)]
pub struct PageLinksContext {
    links: RwSignal<PageLinks>,
    /// A callback, so that the code is in the first chunk and not in each that uses it.
    check: Callback<()>,
}

impl PageLinksContext {
    /// Provides the links to the components below: on the server those of the request, in the browser those of the
    /// document.
    pub fn provide() {
        let shown = RwSignal::new(http::page_links().unwrap_or_default());
        let check = Callback::new(move |()| {
            spawn_local(async move {
                // Without an answer, the next document shows them.
                if let Ok(links) = links().await {
                    shown.try_set(links);
                }
            });
        });
        provide_context(Self { links: shown, check });
    }

    /// Returns the links; none outside the layout.
    pub fn get() -> PageLinks {
        use_context::<Self>().map_or_else(PageLinks::default, |context| context.links.get())
    }

    /// Loads the links again, because an administrator may have changed them. Only for effects, which do not run on the
    /// server.
    pub fn check_again(&self) {
        self.check.run(());
    }
}
