//! The footer.

use leptos::prelude::*;

use super::theme_choice::ThemeChoice;
use crate::page_links::PageLinksContext;
use shared::site::SITE;
use shared::{model::static_page::PageLink, paths};

/// The footer of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let pages = || {
        let links = PageLinksContext::get();
        Suspend::new(async move {
            let pages = links.await.footer.into_iter();
            // The page about the site is there already.
            let pages = pages.filter(|page| page.path != paths::ABOUT);
            let links = pages.map(|PageLink { path, title }| view! { " · " <a href=path>{title}</a> });
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
