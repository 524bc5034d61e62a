//! A thread of comments.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    new_comment::NewComment,
    shown::{CommentsContext, ShownComment},
};
use crate::type_erasure::Erase;
use shared::{
    model::comment::{Comment, Commenting, Thread},
    paths,
};

/// Returns the id of the comment in the URL that is being answered.
pub(super) fn use_reply() -> Memo<Option<i64>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(paths::REPLY).and_then(|id| id.parse().ok()))
}

/// The beginning of a thread, with a link to the rest.
#[component]
pub(super) fn ThreadItem(
    thread: Thread,
    context: CommentsContext,
    reply: Memo<Option<i64>>,
    on_published: Callback<()>,
) -> impl IntoView {
    let Thread { root, replies, more } = thread;
    let id = root.id;
    let replies = replies
        .into_iter()
        .map(|comment| view! { <Item comment context reply on_published /> })
        .collect_view();
    let more = (more > 0).then(|| {
        let words = if more == 1 { "more reply" } else { "more replies" };
        view! {
            <p class="thread-more">
                <a href=paths::comment(id)>{more} " " {words}</a>
            </p>
        }
    });
    view! {
        <div class="thread">
            <Item comment=root context reply on_published />
            {replies}
            {more}
        </div>
    }
}

/// A comment, and the form that answers it while it is open.
#[component]
pub(super) fn Item(
    comment: Comment,
    context: CommentsContext,
    reply: Memo<Option<i64>>,
    on_published: Callback<()>,
) -> impl IntoView {
    let id = comment.id;
    let depth = comment.depth;
    let takes_replies = comment.takes_replies();
    let is_open = Memo::new(move |_| takes_replies && reply.get() == Some(id));
    let form = move || {
        is_open.get().then(|| {
            context.commenting.with_value(|commenting| match commenting {
                Commenting::Open(nonce) => {
                    let (nonce, cancel) = (nonce.clone(), context.here.get_value());
                    view! {
                        <div class="comment-reply" id=paths::REPLY data-depth=depth>
                            <NewComment post=context.post parent=Some(id) nonce on_published cancel=Some(cancel) />
                        </div>
                    }
                    .erased()
                }
                Commenting::SignInRequired | Commenting::Frozen | Commenting::Closed => ().erased(),
            })
        })
    };
    view! {
        <ShownComment comment context />
        {form}
    }
}
