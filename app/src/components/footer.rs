//! The footer.

use leptos::prelude::*;

use super::{nav_link::NavLink, theme_choice::ThemeChoice};
use crate::{page_links::PageLinksContext, site::use_site, type_erasure::Erase};
use shared::model::{navigation::NavEntry, site::SOFTWARE, static_page::PageLink};

/// The footer of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let site = use_site();
    let text = site.footer.clone();
    let links = site
        .footer_links
        .iter()
        .map(|entry| view! { <Line entry=entry.clone() /> });
    let links = links.collect_view();
    let arranged = site.footer_links.clone();
    let pages = move || {
        let pages = PageLinksContext::get().footer.into_iter();
        let pages = pages.filter(|page| arranged.iter().all(|entry| entry.address != page.path));
        let links = pages.map(|PageLink { path, title }| view! { <li><a href=path>{title}</a></li> });
        links.collect::<Vec<_>>()
    };
    view! {
        <footer class="footer">
            <div class="footer-text">
                <p>{site.name.clone()}</p>
                <ul class="footer-links">
                    {links}
                    {pages}
                </ul>
                {(!text.is_empty()).then(|| view! { <div inner_html=text></div> })}
                {site.credits_software.then(|| view! { <p>"Published with " {SOFTWARE}</p> })}
            </div>
            <ThemeChoice />
        </footer>
    }
}

/// A link, or the heading of the links below it.
#[component]
fn Line(entry: NavEntry) -> impl IntoView {
    if entry.address.is_empty() {
        view! { <li class="footer-heading">{entry.label}</li> }.erased()
    } else {
        view! {
            <li>
                <NavLink entry />
            </li>
        }
        .erased()
    }
}
