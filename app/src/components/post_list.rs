//! Lists of posts.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{avatar::Avatar, pager::Pager, tag_list::TagList, timestamp::Timestamp};
use shared::{
    forms::grouped,
    model::{
        account::Author,
        media::IMAGE_SIZES,
        page::ListPage,
        post::{Cover, PostCard},
    },
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
    let address = paths::post(&card.post);
    let language = (!card.language.is_empty()).then_some(card.language);
    let comments = (card.comments > 0).then(|| {
        let words = if card.comments == 1 { "comment" } else { "comments" };
        view! {
            <a class="card-comments" href=paths::comments(&card.post)>
                {grouped(usize::try_from(card.comments).unwrap_or(usize::MAX))} " " {words}
            </a>
        }
    });
    view! {
        <article class="card h-entry">
            {card.cover.map(|cover| view! { <CardCover cover address=address.clone() /> })}
            <h2 class="card-title p-name" dir="auto" lang=language.clone()>
                <a class="u-url" href=address>
                    {card.title}
                </a>
            </h2>
            {(!card.subtitle.is_empty())
                .then(|| view! { <p class="card-subtitle" dir="auto" lang=language.clone()>{card.subtitle}</p> })}
            <p class="byline">
                <Byline author=card.author at=card.created_at />
                {comments}
            </p>
            <p class="card-excerpt p-summary" dir="auto" lang=language.clone()>
                {card.excerpt}
            </p>
            <TagList tags=card.tags />
        </article>
    }
}

/// The cover, which leads to the post like the title. Screen readers and keyboards reach the title alone.
#[component]
fn CardCover(cover: Cover, address: String) -> impl IntoView {
    let Cover { image, alt, .. } = cover;
    view! {
        <a class="card-cover" href=address tabindex="-1" aria-hidden="true">
            <img
                class="u-photo"
                src=paths::image(&image)
                srcset=paths::image_widths(&image)
                sizes=IMAGE_SIZES
                alt=alt
                width=image.width
                height=image.height
                loading="lazy"
                decoding="async"
            />
        </a>
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
