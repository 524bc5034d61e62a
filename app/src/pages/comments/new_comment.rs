//! The form of a new comment on the page of a post or of a comment.

use leptos::prelude::*;

use super::form::CommentForm;
use crate::{api::comment::Create, components::frozen_notice::FrozenNotice, type_erasure::Erase};
use shared::{model::comment::Commenting, paths};

/// The form of a new comment on a post, or in answer to the comment `parent`.
#[component]
pub(super) fn NewComment(
    post: i64,
    parent: Option<i64>,
    nonce: String,
    on_published: Callback<()>,
    cancel: Option<String>,
) -> impl IntoView {
    let action = ServerAction::<Create>::new();
    let query = paths::new_comment(post, parent).replacen(paths::NEW_COMMENT, "", 1);
    view! {
        <CommentForm action query submit="Publish comment" is_opened=parent.is_some() on_done=on_published cancel>
            <HiddenFields post parent nonce=nonce.clone() />
        </CommentForm>
    }
}

/// The fields of a new comment besides its text.
#[component]
pub(super) fn HiddenFields(post: i64, parent: Option<i64>, nonce: String) -> impl IntoView {
    view! {
        <input type="hidden" name="post" value=post.to_string() />
        {parent.map(|id| view! { <input type="hidden" name="parent" value=id.to_string() /> })}
        <input type="hidden" name="nonce" value=nonce />
        <HoneyPot />
    }
}

/// A field that people do not see. Programs that fill in every field reveal themselves.
#[component]
fn HoneyPot() -> impl IntoView {
    view! {
        <div class="visually-hidden" aria-hidden="true">
            <label>
                "Leave this empty" <input type="text" name="comment_subject" tabindex="-1" autocomplete="off" />
            </label>
        </div>
    }
}

/// The end of the threads: the form of a new comment, or the reason why there is none.
#[component]
pub(super) fn End(
    post: i64,
    commenting: Commenting,
    /// The comment in the URL that is answered, which is on another page.
    reply: Option<i64>,
    on_published: Callback<()>,
) -> impl IntoView {
    match (commenting, reply) {
        (Commenting::Open(nonce), reply) => view! {
            {reply
                .map(|id| {
                    view! {
                        <p class="notice">
                            "The comment that you want to answer is not on this page. "
                            <a href=paths::reply_at(&paths::comment(id), id) rel="nofollow">
                                "Look for it on a page of its own"
                            </a>
                        </p>
                    }
                })}
            <h3 class="comment-form-heading">"Write a comment"</h3>
            <NewComment post parent=None nonce on_published cancel=None />
        }
        .erased(),
        (Commenting::SignInRequired, _) => view! {
            <p>
                <a class="button button-quiet" href=paths::new_comment(post, None) rel="nofollow">
                    "Log in to comment"
                </a>
            </p>
        }
        .erased(),
        (Commenting::Frozen, _) => view! { <FrozenNotice /> }.erased(),
        (Commenting::Closed, _) => view! { <p class="comments-closed">"Comments are closed."</p> }.erased(),
    }
}
