//! The static pages that are linked on every page.

use leptos::prelude::*;

use crate::{
    api::static_page::links,
    resource::{PageResource, load},
};
use shared::model::static_page::PageLinks;

/// The static pages in the navigation bar and in the footer.
#[derive(Clone, Copy)]
pub struct PageLinksContext(PageResource<PageLinks>);

impl PageLinksContext {
    /// Provides the links to the components below.
    pub fn provide() {
        provide_context(Self(load(|| (), |()| links())));
    }

    /// Returns the links, once they are known; none if they cannot be loaded.
    pub fn get() -> impl Future<Output = PageLinks> + Send {
        let context = use_context::<Self>();
        async move {
            match context {
                Some(Self(links)) => links.await.unwrap_or_default(),
                None => PageLinks::default(),
            }
        }
    }

    /// Loads the links again, because an administrator may have changed them. Only for effects, which do not run on the
    /// server.
    pub fn check_again(&self) {
        self.0.refetch();
    }
}
