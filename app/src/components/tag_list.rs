//! Lists of tags.

use leptos::prelude::*;

use shared::{model::tag::Tags, paths};

/// The tags of a post, each a link to its posts. Empty if there are none.
#[component]
pub fn TagList(
    /// The tags.
    tags: Tags,
) -> impl IntoView {
    let items: Vec<_> = tags
        .names()
        .iter()
        .map(|name| {
            view! {
                <li>
                    <a class="tag p-category" href=paths::tag(name) rel="tag">
                        {name.clone()}
                    </a>
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <ul class="tags" aria-label="Tags">
                {items}
            </ul>
        }
    })
}
