//! Posts in a list.

use leptos::prelude::*;

use super::{pager::Pager, timestamp::Timestamp};
use crate::{
    model::{page::Page, post::PostCard},
    paths,
};

/// One page of posts, and the way to the others.
#[component]
pub fn PostList(
    /// The list's address.
    path: String,
    /// What is on this page.
    page: Page<PostCard>,
) -> impl IntoView {
    let cards = page
        .items
        .into_iter()
        .map(|card| view! { <Card card /> })
        .collect_view();
    view! {
        <div class="posts">{cards}</div>
        <Pager path number=page.number pages=page.pages />
    }
}

#[component]
fn Card(card: PostCard) -> impl IntoView {
    view! {
        <article class="card">
            <h2 class="card-title">
                <a href=paths::post(&card.post)>{card.title}</a>
            </h2>
            <p class="byline">
                <a href=paths::user(&card.author)>{card.author.clone()}</a>
                <Timestamp at=card.created_at />
            </p>
            <p class="card-excerpt">{card.excerpt}</p>
        </article>
    }
}
