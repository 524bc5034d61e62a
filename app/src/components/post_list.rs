//! Lists of posts.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{avatar::Avatar, pager::Pager, tag_list::TagList, timestamp::Timestamp};
use shared::{
    model::{account::Author, page::ListPage, post::PostCard},
    paths,
};

/// A page of posts and the pager.
#[component]
pub fn PostList(
    /// The path of the list.
    path: String,
    /// The page.
    page: ListPage<PostCard>,
) -> impl IntoView {
    let cards = page
        .items
        .into_iter()
        .map(|card| view! { <Card card /> })
        .collect_view();
    view! {
        <div class="posts h-feed">{cards}</div>
        <Pager path number=page.number pages=page.pages />
    }
}

#[component]
fn Card(card: PostCard) -> impl IntoView {
    view! {
        <article class="card h-entry">
            <h2 class="card-title p-name" dir="auto">
                <a class="u-url" href=paths::post(&card.post)>
                    {card.title}
                </a>
            </h2>
            <p class="byline">
                <Byline author=card.author at=card.created_at />
            </p>
            <p class="card-excerpt p-summary" dir="auto">
                {card.excerpt}
            </p>
            <TagList tags=card.tags />
        </article>
    }
}

/// The author and the date of a post.
#[component]
pub fn Byline(
    /// The author.
    author: Author,
    /// The date.
    at: OffsetDateTime,
) -> impl IntoView {
    let (address, name) = (paths::user(&author.username), author.name().to_owned());
    view! {
        <a class="byline-author p-author h-card" href=address rel="author">
            <Avatar name=name.clone() username=author.username picture=author.picture pixels=32 />
            {name}
        </a>
        <Timestamp at class="dt-published" />
    }
}
