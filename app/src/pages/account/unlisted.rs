//! The posts of the user that are not in lists.

use leptos::prelude::*;

use crate::{
    api::post::list_unlisted,
    components::{pager::Pager, section_nav::AccountNav, timestamp::Timestamp, title::PageTitle},
    pages::{guard::MembersOnly, loaded::Loaded, page_number::use_page_number},
    resource::load,
};
use shared::{error::AppError, model::post::UnlistedPost, paths};

/// The posts that are unlisted, for members or private, which their author finds nowhere else.
#[component]
pub fn UnlistedPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Unlisted />
        </MembersOnly>
    }
}

#[component]
fn Unlisted() -> impl IntoView {
    let number = use_page_number();
    let posts = load(
        move || number.get(),
        |number| async move {
            match number {
                Some(number) => list_unlisted(number).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded resource=posts let:page>
            {
                let is_empty = page.total == 0;
                let rows = page.items.into_iter().map(|post| view! { <Row post /> }).collect_view();
                view! {
                    <PageTitle text="Unlisted posts" />
                    <h1>"Unlisted posts"</h1>
                    {is_empty
                        .then(|| {
                            view! {
                                <p>
                                    "None of your posts is unlisted, for members or private, or waits for a moderator. Choose who can read a post in the editor, under “Post settings”."
                                </p>
                            }
                        })}
                    <ul class="rows">{rows}</ul>
                    <Pager path=paths::ACCOUNT_UNLISTED.to_owned() number=page.number pages=page.pages />
                }
            }
        </Loaded>
    }
}

#[component]
fn Row(post: UnlistedPost) -> impl IntoView {
    let description = format!("Update “{}”", post.title);
    view! {
        <li class="row">
            <div>
                <p class="row-title" dir="auto">
                    <a href=paths::post(&post.post)>{post.title}</a>
                    " "
                    {post.visibility.badge().map(|badge| view! { <span class="badge">{badge}</span> })}
                    {post.is_held.then(|| view! { <span class="badge">"Waits for a moderator"</span> })}
                </p>
                <p class="row-facts">"Published " <Timestamp at=post.created_at /></p>
            </div>
            <a class="button button-quiet" href=paths::update_post(post.post.id) aria-label=description>
                "Update"
            </a>
        </li>
    }
}
