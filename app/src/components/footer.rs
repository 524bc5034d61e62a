//! The footer.

use leptos::prelude::*;

use super::theme_choice::ThemeChoice;
use crate::page_links::PageLinksContext;
use shared::paths;
use shared::site::SITE;

/// The footer of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let pages = || {
        Suspend::new(async {
            let pages = PageLinksContext::get().await.footer.into_iter();
            let pages = pages.filter(|page| page.path != paths::ABOUT);
            let links = pages.map(|page| view! { " · " <a href=page.path>{page.title}</a> });
            links.collect::<Vec<_>>()
        })
    };
    view! {
        <footer class="footer">
            <p>
                {SITE} ", a publication by many writers. " <a href=paths::ABOUT>"About this site"</a>
                <Transition>{pages}</Transition>
            </p>
            <ThemeChoice />
        </footer>
    }
}
