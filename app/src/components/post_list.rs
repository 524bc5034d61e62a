//! Posts in a list.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{avatar::Avatar, pager::Pager, tag_list::TagList, timestamp::Timestamp};
use shared::{
    model::{account::Author, page::Page, post::PostCard},
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
            <h2 class="card-title" dir="auto">
                <a href=paths::post(&card.post)>{card.title}</a>
            </h2>
            <p class="byline">
                <Byline author=card.author at=card.created_at />
            </p>
            <p class="card-excerpt" dir="auto">{card.excerpt}</p>
            <TagList tags=card.tags />
        </article>
    }
}

/// Who wrote something, and when.
#[component]
pub fn Byline(
    /// Who.
    author: Author,
    /// When.
    at: OffsetDateTime,
) -> impl IntoView {
    let address = paths::user(&author.username);
    view! {
        <a class="byline-author" href=address rel="author">
            <Avatar username=author.username.clone() picture=author.picture pixels=32 />
            {author.username}
        </a>
        <Timestamp at />
    }
}
