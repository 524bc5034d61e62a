//! A comment.

use leptos::{form::ActionForm, prelude::*};

use crate::{
    api::comment::{Delete, Pin, Show, Unpin},
    components::{
        avatar::Avatar,
        dialog::DialogLink,
        post_button::{ActionProblem, PostButton, on_answer},
        posted::Posted,
        timestamp::Timestamp,
    },
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::comment::{Comment, CommentHiding, CommentState, Commenter, Commenting},
    paths,
};

/// The consequences of deleting a comment.
pub(in crate::pages) const EXPLANATION: &str = "Nobody can read or restore its text. Replies to it stay.";

/// What a page shows with each comment.
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

/// The actions of the buttons.
#[derive(Clone, Copy)]
pub(in crate::pages) struct CommentButtons {
    delete: ServerAction<Delete>,
    show: ServerAction<Show>,
    pin: ServerAction<Pin>,
    unpin: ServerAction<Unpin>,
    /// The error of the last one.
    pub problem: RwSignal<Option<AppError>>,
}

impl CommentButtons {
    /// Creates the actions. Without another page to which they lead, they call `done` when they succeed.
    pub(in crate::pages) fn new(done: Option<Callback<()>>) -> Self {
        let problem = RwSignal::new(None);
        Self {
            delete: answered(problem, done),
            show: answered(problem, done),
            pin: answered(problem, done),
            unpin: answered(problem, done),
            problem,
        }
    }
}

/// Creates the action of a button, which sets `problem` when it fails.
fn answered<S: Posted>(problem: RwSignal<Option<AppError>>, done: Option<Callback<()>>) -> ServerAction<S> {
    let action = ServerAction::<S>::new();
    match done {
        Some(done) => on_answer(action, problem, move || done.run(())),
        None => {
            Effect::new(move |_| {
                if let Some(Err(error)) = action.value().get() {
                    problem.set(Some(error));
                }
            });
        }
    }
    action
}

/// The problem of the last button.
#[component]
pub(in crate::pages) fn ButtonProblem(buttons: CommentButtons) -> impl IntoView {
    view! { <ActionProblem problem=buttons.problem /> }
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
        (CommentState::Held, _) => Some(
            "This comment waits for a moderator. Until then, only its author, the author of the post and moderators can see it."
                .to_owned(),
        ),
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

/// The actions of the viewer. Empty if there are none.
#[component]
fn Tools(comment: Comment, context: CommentsContext) -> impl IntoView {
    let id = comment.id;
    let buttons = context.actions;
    let is_hidden = comment.state == CommentState::Hidden;
    let is_held = comment.state == CommentState::Held;
    let reply = comment.takes_replies().then(|| {
        let name = comment.author.name();
        context
            .commenting
            .with_value(|commenting| reply(commenting, context, id, name))
    });
    let label = |action: &str| format!("{action} the comment by {}", comment.author.name());
    let link = |path: String, text: &'static str| {
        view! {
            <a href=path aria-label=label(text)>
                {text}
            </a>
        }
    };
    let pin = (context.may_pin && comment.depth == 0 && !is_hidden && !is_held).then(|| {
        if comment.is_pinned {
            let field = ("post", context.post.to_string());
            view! { <PostButton action=buttons.unpin label="Unpin" description=label("Unpin") field /> }
                .erased()
        } else {
            let field = ("comment", id.to_string());
            view! { <PostButton action=buttons.pin label="Pin" description=label("Pin") field /> }.erased()
        }
    });
    let hide = comment.actions.hide.then(|| {
        if is_hidden {
            let field = ("comment", id.to_string());
            view! { <PostButton action=buttons.show label="Show again" description=label("Show again") field /> }.erased()
        } else {
            link(paths::hide_comment(id), "Hide").erased()
        }
    });
    let approve = (is_held && comment.actions.hide).then(|| {
        let field = ("comment", id.to_string());
        view! { <PostButton action=buttons.show label="Approve" description=label("Approve") field /> }
    });
    let delete = comment.actions.delete.then(|| {
        view! {
            <DialogLink
                href=paths::delete_comment(id)
                label="Delete"
                description=label("Delete")
                heading="Delete this comment?"
                explanation=EXPLANATION
            >
                <DeleteButton action=buttons.delete id />
            </DialogLink>
        }
    });
    let has_any = reply.as_ref().is_some_and(Option::is_some)
        || pin.is_some()
        || hide.is_some()
        || delete.is_some()
        || comment.actions.edit;
    has_any.then(|| {
        view! {
            <div class="comment-tools">
                {reply}
                {comment.actions.edit.then(|| link(paths::update_comment(id), "Edit"))}
                {delete}
                {approve}
                {hide}
                {pin}
            </div>
        }
    })
}

/// Returns the link that opens the form below the comment with this id, whose author is called `name`, or leads to a page with it.
fn reply(
    commenting: &Commenting,
    context: CommentsContext,
    id: i64,
    name: &str,
) -> Option<impl IntoView + use<>> {
    let path = match commenting {
        Commenting::Open(_) => context.here.with_value(|here| paths::reply_at(here, id)),
        Commenting::SignInRequired => paths::new_comment(context.post, Some(id)),
        Commenting::Frozen | Commenting::Closed => return None,
    };
    Some(view! {
        <a href=path rel="nofollow" aria-label=format!("Reply to the comment by {name}")>
            "Reply"
        </a>
    })
}

/// The button that deletes the comment with this id.
#[component]
pub(in crate::pages) fn DeleteButton(action: ServerAction<Delete>, id: i64) -> impl IntoView {
    view! {
        <ActionForm action attr:class="post-button">
            <input type="hidden" name="comment" value=id.to_string() />
            <button type="submit" class="button button-danger">
                "Delete comment"
            </button>
        </ActionForm>
    }
}
