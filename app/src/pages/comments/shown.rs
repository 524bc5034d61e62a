//! A comment.

use leptos::prelude::*;

use super::tools::{CommentButtons, Tools};
use crate::{
    components::{avatar::Avatar, hold::because, plain_links::PlainLinks, timestamp::Timestamp},
    type_erasure::Erase,
};
use shared::{
    model::comment::{Comment, CommentHiding, CommentState, Commenter, Commenting},
    paths,
};

/// The properties that all comments on a page share.
#[derive(Clone, Copy)]
pub(in crate::pages) struct CommentsContext {
    /// The post.
    pub post: i64,
    /// The address of the page, to which the links “Reply” lead.
    pub here: StoredValue<String>,
    /// Whether the viewer can comment.
    pub commenting: StoredValue<Commenting>,
    /// Whether the viewer may pin comments.
    pub may_pin: bool,
    /// The actions of the buttons, which comments share.
    pub actions: CommentButtons,
}

/// A comment with its author, its text and the actions of the viewer.
#[component]
pub(in crate::pages) fn ShownComment(
    comment: Comment,
    context: CommentsContext,
    /// Whether it is the one that the page is about.
    #[prop(optional)]
    is_subject: bool,
) -> impl IntoView {
    let id = comment.id;
    let is_deleted = comment.state == CommentState::Deleted;
    let note = note(&comment);
    let has_plain_links = comment.has_plain_links;
    let head = view! { <Head comment=comment.clone() /> };
    let tools = (!is_deleted).then(|| view! { <Tools comment=comment.clone() context /> });
    let text = (!comment.html.is_empty())
        .then(|| view! { <div class="prose comment-text e-content" inner_html=comment.html></div> });
    view! {
        <article
            class="comment u-comment h-cite"
            class:comment-subject=is_subject
            id=paths::comment_anchor(id)
            data-depth=comment.depth
            tabindex="-1"
        >
            {head}
            {note.map(|note| view! { <p class="comment-note">{note}</p> })}
            {text}
            {has_plain_links.then(|| view! { <PlainLinks /> })}
            {tools}
        </article>
    }
}

/// Returns what is said in the place of a comment that is not simply on the site.
fn note(comment: &Comment) -> Option<String> {
    match (comment.state, &comment.hiding) {
        (CommentState::Published, _) => None,
        (CommentState::Held, _) if comment.html.is_empty() => {
            Some("This comment waits for a moderator.".to_owned())
        }
        (CommentState::Held, _) => {
            let because = comment.held_because.map_or_else(String::new, because);
            Some(format!(
                "This comment waits for a moderator{because}. Until then, only its author, the author of the post and moderators can see it."
            ))
        }
        (CommentState::Deleted, _) => Some("This comment was deleted.".to_owned()),
        (CommentState::Hidden, None) => Some("This comment is hidden.".to_owned()),
        (CommentState::Hidden, Some(CommentHiding { by, reason })) => {
            Some(format!("Hidden by {}. Reason: {reason}", by.words()))
        }
    }
}

/// The author, the date, and what else is to be known about the comment.
#[component]
fn Head(comment: Comment) -> impl IntoView {
    let Comment {
        id,
        author,
        answered,
        created_at,
        edited_at,
        is_pinned,
        state,
        ..
    } = comment;
    let is_withheld = state == CommentState::Held && author == Commenter::Nobody;
    let answered = answered.map(|answered| {
        let words = if answered.is_beside {
            "in reply to "
        } else {
            "to "
        };
        view! {
            <a class="comment-answered" class:comment-beside=answered.is_beside href=paths::comment(answered.id)>
                {words}
                {answered.name}
            </a>
        }
    });
    view! {
        <p class="comment-head">
            {(!is_withheld).then(|| view! { <By author /> })}
            <a class="u-url" href=paths::comment(id)>
                <Timestamp at=created_at minutes=true class="dt-published" />
            </a>
            {answered}
            {edited_at
                .map(|at| view! { <span class="comment-edited">"Edited " <Timestamp at minutes=true class="dt-updated" /></span> })}
            {is_pinned.then(|| view! { <span class="badge">"Pinned"</span> })}
        </p>
    }
}

#[component]
fn By(author: Commenter) -> impl IntoView {
    let name = author.name().to_owned();
    match author {
        Commenter::Member(author) => {
            let profile = paths::user(&author.username);
            view! {
                <a class="comment-author p-author h-card" href=profile>
                    <Avatar name=name.clone() username=author.username picture=author.picture pixels=24 />
                    {name}
                </a>
            }
            .erased()
        }
        Commenter::Guest(_) => view! {
            <span class="comment-author p-author" dir="auto">
                {name}
            </span>
        }
        .erased(),
        Commenter::Nobody => view! { <span class="comment-author">{name}</span> }.erased(),
    }
}
