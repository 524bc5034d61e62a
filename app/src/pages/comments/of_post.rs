//! The comments below a post.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::{
    encoding::WithoutTexts,
    form::CommentForm,
    shown::{ButtonProblem, CommentButtons, CommentsContext, ShownComment},
};
use crate::{
    api::{
        self,
        comment::{Close, Create, Reopen},
    },
    components::{
        flash_message::FlashContext,
        focus,
        frozen_notice::FrozenNotice,
        post_button::{PostButton, on_answer},
        summary::Explanation,
    },
    http,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::grouped,
    model::comment::{
        Comment, CommentFacts, CommentState, Commenter, Commenting, CommentsPosition, Discussion,
        PostComments, Thread,
    },
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

#[component]
fn Section(page: PostComments, refetch: Callback<()>, on_published: Callback<()>) -> impl IntoView {
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
    let query = use_query_map();
    let reply = Memo::new(move |_| {
        query
            .read()
            .get(paths::REPLY)
            .and_then(|id| id.parse::<i64>().ok())
    });
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

#[component]
fn ThreadItem(
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
    }
}

/// What follows the threads: the form of a new comment, or why there is none.
#[component]
fn End(
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

/// The links to other pages of comments. Empty if there is only one.
#[component]
fn Pages(
    post: shared::model::post::PostRef,
    position: CommentsPosition,
    next: Option<CommentsPosition>,
) -> impl IntoView {
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
            <crate::components::post_button::ActionProblem problem />
            {button}
        </div>
    }
}
