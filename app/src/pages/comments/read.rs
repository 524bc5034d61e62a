//! The page of a comment.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    encoding::WithoutTexts,
    new_comment::NewComment,
    shown::{CommentsContext, ShownComment},
    thread::{Item, use_reply},
    tools::{ButtonProblem, CommentButtons},
};
use crate::{
    api,
    components::{frozen_notice::FrozenNotice, title::PageTitle},
    http,
    metadata::{Metadata, describe},
    pages::loaded::Loaded,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::comment::{CommentPage, CommentState, Commenting},
    paths,
};

/// The comment in the URL, with the comments above and below it.
#[component]
pub fn ReadCommentPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| {
        let id = paths::comment_id(&params.read().get("comment").unwrap_or_default());
        let after = query.read().get("after").map(|after| after.parse::<i64>());
        (id, after)
    });
    let page = Resource::<_, WithoutTexts<CommentPage>>::new_with_options(
        move || wanted.get(),
        |(id, after)| async move {
            match (id, after.transpose()) {
                (Some(id), Ok(after)) => api::comment::read(id, after).await,
                _ => Err(AppError::NotFound),
            }
        },
        false,
    );
    let refetch = Callback::new(move |()| page.refetch());
    view! {
        <Loaded resource=page let:page>
            <Branch page after=wanted.get_untracked().1.and_then(Result::ok) refetch />
        </Loaded>
    }
}

#[component]
fn Branch(
    page: CommentPage,
    /// The comment after which the branch begins, unless it is the first page.
    after: Option<i64>,
    refetch: Callback<()>,
) -> impl IntoView {
    let CommentPage {
        post,
        title,
        above,
        comment,
        below,
        next,
        commenting,
    } = page;
    let id = comment.id;
    let here = match after {
        None => paths::comment(id),
        Some(after) => paths::comments_below(id, after),
    };
    if comment.state == CommentState::Deleted {
        // The thread is shown all the same.
        http::set_status(AppError::CommentGone.status());
    }
    let heading = match comment.state {
        CommentState::Deleted => "A deleted comment".to_owned(),
        _ => format!("Comment by {}", comment.author.name()),
    };
    describe(|| Metadata::page(&paths::post(&post), &heading, title.clone()).unlisted());
    // Their redirects lead to the page of the post.
    let buttons = CommentButtons::new(None);
    let context = CommentsContext {
        post: post.id,
        here: StoredValue::new(here.clone()),
        commenting: StoredValue::new(commenting.clone()),
        may_pin: false,
        actions: buttons,
    };
    let reply = use_reply();
    let above = above
        .into_iter()
        .map(|comment| view! { <Item comment context reply on_published=refetch /> })
        .collect_view();
    let takes_replies = comment.takes_replies();
    let form = move || {
        let is_open = takes_replies && reply.get() == Some(id);
        is_open.then(|| match commenting.clone() {
            Commenting::Open(nonce) => view! {
                <div class="comment-reply" id=paths::REPLY>
                    <NewComment
                        post=context.post
                        parent=Some(id)
                        nonce
                        on_published=refetch
                        cancel=Some(here.clone())
                    />
                </div>
            }
            .erased(),
            Commenting::Frozen => view! { <FrozenNotice /> }.erased(),
            Commenting::SignInRequired | Commenting::Closed => ().erased(),
        })
    };
    let below = below
        .into_iter()
        .map(|comment| view! { <Item comment context reply on_published=refetch /> })
        .collect_view();
    view! {
        <PageTitle text=format!("{heading} on “{title}”") />
        <h1>{heading.clone()}</h1>
        <p class="lead">
            <a href=paths::comments(&post) dir="auto">
                {title.clone()}
            </a>
        </p>
        <div class="comments">
            <ButtonProblem buttons />
            <div class="thread">
                {above} <ShownComment comment context is_subject=true /> {form} {below}
                {next
                    .map(|after| {
                        view! {
                            <p class="thread-more">
                                <a href=paths::comments_below(id, after)>"More replies"</a>
                            </p>
                        }
                    })}
            </div>
        </div>
    }
}
