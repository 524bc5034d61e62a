//! The pager of a list without numbers.

use leptos::prelude::*;

use crate::type_erasure::Erase;
use shared::{model::position::Position, paths};

/// The links "Newer" and "Older". Empty if there is only one page.
#[component]
pub fn KeysetPager(
    /// The path of the list.
    path: &'static str,
    /// The position of the page with newer entries.
    newer: Option<Position>,
    /// The position of the page with older entries.
    older: Option<Position>,
) -> impl IntoView {
    if newer.is_none() && older.is_none() {
        return ().erased();
    }
    let link = |position, class, rel, text| {
        view! {
            <li class=class>
                <a href=paths::positioned(path, position) rel=rel>
                    {text}
                </a>
            </li>
        }
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <ul>
                {newer.map(|position| link(position, "pager-newer", "prev", "Newer"))}
                {older.map(|position| link(position, "pager-older", "next", "Older"))}
            </ul>
        </nav>
    }
    .erased()
}
