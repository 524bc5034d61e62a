//! The pager of a list.

use leptos::prelude::*;

use crate::type_erasure::Erase;
use shared::{
    model::page::{PagerEntry, pager},
    paths,
};

/// Numbered links with gaps between "Newer" and "Older". Empty if there is only one page.
#[component]
pub fn Pager(
    /// The path of the list.
    path: String,
    /// The number of the current page.
    number: u64,
    /// The number of pages.
    pages: u64,
) -> impl IntoView {
    if pages <= 1 {
        return ().erased();
    }
    let newer = (number > 1).then(|| paths::numbered(&path, number - 1));
    let older = (number < pages).then(|| paths::numbered(&path, number + 1));
    let entries = pager(number, pages)
        .into_iter()
        .map(|entry| match entry {
            PagerEntry::Gap => view! { <li class="pager-gap">"…"</li> }.erased(),
            PagerEntry::ListPage(page) => {
                let current = (page == number).then_some("page");
                view! {
                    <li>
                        <a href=paths::numbered(&path, page) aria-current=current aria-label=format!("Page {page}")>
                            {page}
                        </a>
                    </li>
                }
                .erased()
            }
        })
        .collect_view();

    view! {
        <nav class="pager" aria-label="Pages">
            <ul>
                {newer
                    .map(|href| {
                        view! {
                            <li class="pager-newer">
                                <a href=href rel="prev">
                                    "Newer"
                                </a>
                            </li>
                        }
                    })} {entries}
                {older
                    .map(|href| {
                        view! {
                            <li class="pager-older">
                                <a href=href rel="next">
                                    "Older"
                                </a>
                            </li>
                        }
                    })}
            </ul>
        </nav>
    }
    .erased()
}
