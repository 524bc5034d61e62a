//! The section below a post with its comments.

use std::collections::HashMap;

use leptos::prelude::*;

use super::{
    new_comment::End,
    shown::CommentsContext,
    thread::{ThreadItem, use_reply},
    tools::{ButtonProblem, CommentButtons},
};
use crate::{
    api::comment::{Close, Reopen},
    components::post_button::{ActionProblem, PostButton, on_answer},
    type_erasure::Erase,
};
use shared::{
    forms::grouped,
    model::{
        comment::{CommentsPosition, PostComments},
        post::PostRef,
    },
    paths,
};

/// A page of comments, with the form of a new one and the links to other pages.
#[component]
pub(super) fn Section(
    page: PostComments,
    refetch: Callback<()>,
    on_published: Callback<()>,
) -> impl IntoView {
    let PostComments {
        post,
        count,
        threads,
        position,
        next,
        commenting,
        is_closed,
        is_too_old,
        may_manage,
    } = page;
    let id = post.id;
    let here = match position.to_string().as_str() {
        "" => paths::post(&post),
        position => format!("{}?comments={position}", paths::post(&post)),
    };
    let buttons = CommentButtons::new(Some(refetch));
    let context = CommentsContext {
        post: id,
        here: StoredValue::new(here.clone()),
        commenting: StoredValue::new(commenting.clone()),
        may_pin: may_manage,
        actions: buttons,
    };
    let reply = use_reply();
    let shown = threads
        .iter()
        .flat_map(|thread| std::iter::once(&thread.root).chain(&thread.replies));
    // Whether each comment on the page can be answered.
    let on_page: HashMap<i64, bool> = shown
        .map(|comment| (comment.id, comment.takes_replies()))
        .collect();
    let on_page = StoredValue::new(on_page);
    let items = threads
        .into_iter()
        .map(|thread| view! { <ThreadItem thread context reply on_published /> })
        .collect_view();
    // The form is below the comment that is answered, if that is on this page.
    let is_at_end = Memo::new(move |_| {
        let reply = reply.get();
        on_page.with_value(|ids| reply.and_then(|id| ids.get(&id)) != Some(&true))
    });
    let end = move || {
        is_at_end.get().then(|| {
            let commenting = commenting.clone();
            let elsewhere = reply.get_untracked();
            let elsewhere = elsewhere.filter(|id| on_page.with_value(|ids| !ids.contains_key(id)));
            view! { <End post=id commenting reply=elsewhere on_published /> }
        })
    };
    view! {
        <section class="comments" id="comments" aria-labelledby="comments-heading">
            <h2 id="comments-heading" tabindex="-1">
                {heading(count)}
            </h2>
            <ButtonProblem buttons />
            <div class="threads">{items}</div>
            <Pages post=post.clone() position next />
            {(count > 0)
                .then(|| {
                    view! {
                        <p class="comments-feed">
                            <a href=paths::comments_feed(&post) rel="external">"Feed of these comments"</a>
                        </p>
                    }
                })}
            {end}
            {(may_manage && !is_too_old).then(|| view! { <Manage post=id is_closed refetch /> })}
        </section>
    }
}

/// Returns the heading above `count` comments.
fn heading(count: u64) -> String {
    match count {
        0 => "Comments".to_owned(),
        1 => "1 comment".to_owned(),
        count => format!(
            "{} comments",
            grouped(usize::try_from(count).unwrap_or(usize::MAX))
        ),
    }
}

/// The links to other pages of comments. Empty if there is only one.
#[component]
fn Pages(post: PostRef, position: CommentsPosition, next: Option<CommentsPosition>) -> impl IntoView {
    let is_only = position == CommentsPosition::default() && next.is_none();
    (!is_only).then(|| {
        let (other, words) = if position.is_newest_first {
            (CommentsPosition::default(), "Oldest first")
        } else {
            (CommentsPosition::NEWEST, "Newest first")
        };
        let first = CommentsPosition {
            after: None,
            ..position
        };
        let link = |position, words: &'static str, rel: Option<&'static str>| {
            view! {
                <li>
                    <a href=paths::comments_at(&post, position) rel=rel>
                        {words}
                    </a>
                </li>
            }
        };
        view! {
            <nav class="comment-pages" aria-label="Pages of comments">
                <ul>
                    {next.map(|next| link(next, "More comments", Some("next")))}
                    {(!position.is_first()).then(|| link(first, "First page", None))} {link(other, words, None)}
                </ul>
            </nav>
        }
    })
}

/// The button with which the author of the post closes the comments, or opens them again.
#[component]
fn Manage(post: i64, is_closed: bool, refetch: Callback<()>) -> impl IntoView {
    let (close, reopen) = (ServerAction::<Close>::new(), ServerAction::<Reopen>::new());
    let problem = RwSignal::new(None);
    on_answer(close, problem, move || refetch.run(()));
    on_answer(reopen, problem, move || refetch.run(()));
    let field = ("post", post.to_string());
    let button = if is_closed {
        view! { <PostButton action=reopen label="Open the comments" field /> }.erased()
    } else {
        view! { <PostButton action=close label="Close the comments" field /> }.erased()
    };
    view! {
        <div class="post-tools">
            <ActionProblem problem />
            {button}
        </div>
    }
}
