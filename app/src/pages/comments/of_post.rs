//! The comments below a post.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::{encoding::WithoutTexts, section::Section};
use crate::{
    api,
    components::{flash_message::FlashContext, focus, summary::Explanation},
    http,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::comment::{CommentFacts, CommentState, Commenter, Discussion, PostComments},
    paths,
};

/// The number of frames for which a comment that was published is awaited.
const FOLLOWED: u32 = 600;

/// The comments on a post, while they load.
pub(in crate::pages) type Comments = Resource<Result<Discussion, AppError>, WithoutTexts<Discussion>>;

/// Loads the comments on the post with the id `post` at the position in the URL. They must be loaded together with the post: a
/// resource that is created within another one is not available at hydration.
pub(in crate::pages) fn load_comments(
    post: impl Fn() -> Option<i64> + Copy + Send + Sync + 'static,
) -> Comments {
    let query = use_query_map();
    let position = Memo::new(move |_| query.read().get("comments"));
    Resource::new_with_options(
        move || (post(), position.get()),
        |(post, position)| async move {
            match post {
                Some(post) => api::comment::of_post(post, position).await,
                None => Err(AppError::NotFound),
            }
        },
        false,
    )
}

/// The comments below a post.
#[component]
pub(in crate::pages) fn CommentsOfPost(comments: Comments) -> impl IntoView {
    let refetch = Callback::new(move |()| comments.refetch());
    let flash = use_context::<FlashContext>();
    let on_published = Callback::new(move |()| {
        comments.refetch();
        follow_to_comment(flash, &anchor(), FOLLOWED);
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match comments.await {
                    Ok(Discussion::MembersOnly) => view! { <MembersOnly /> }.erased(),
                    Ok(Discussion::Shown(page)) => {
                        http::describe_comments(|| facts(&page));
                        view! { <Section page=*page refetch on_published /> }.erased()
                    }
                    // The page of the post says why it cannot be read.
                    Ok(Discussion::Off) | Err(AppError::Gone | AppError::Removed | AppError::SignInRequired) => {
                        ().erased()
                    }
                    Err(error) => {
                        view! {
                            <section class="comments" id="comments">
                                <h2>"Comments"</h2>
                                <p><Explanation error /></p>
                            </section>
                        }
                            .erased()
                    }
                }
            })}
        </Transition>
    }
}

/// Focuses the comment that has just been published as soon as it is on this page, and shows the message about it. Its anchor is
/// in the address then, instead of the one `before`.
fn follow_to_comment(flash: Option<FlashContext>, before: &str, frames: u32) {
    let before = before.to_owned();
    request_animation_frame(move || {
        let anchor = anchor();
        if anchor != before && document().get_element_by_id(&anchor).is_some() {
            flash.inspect(|flash| flash.check());
            focus(&anchor);
        } else if frames > 0 {
            follow_to_comment(flash, &before, frames - 1);
        }
    });
}

/// Returns the anchor in the address.
fn anchor() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Returns what structured data says about the threads on `page`.
fn facts(page: &PostComments) -> Vec<CommentFacts> {
    let published = page.threads.iter().map(|thread| &thread.root);
    let published = published.filter(|comment| comment.state == CommentState::Published);
    published
        .map(|comment| CommentFacts {
            id: comment.id,
            author: comment.author.name().to_owned(),
            username: match &comment.author {
                Commenter::Member(author) => Some(author.username.clone()),
                Commenter::Guest(_) | Commenter::Nobody => None,
            },
            html: comment.html.clone(),
            created_at: comment.created_at,
        })
        .collect()
}

#[component]
fn MembersOnly() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    view! {
        <section class="comments" id="comments" aria-labelledby="comments-heading">
            <h2 id="comments-heading">"Comments"</h2>
            <p>
                "Members can see and write comments. " <a href=paths::login_then(&here) rel="nofollow">
                    "Log in"
                </a>
            </p>
        </section>
    }
}
