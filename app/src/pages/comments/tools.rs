//! The actions of the viewer on comments.

use leptos::{form::ActionForm, prelude::*};

use super::shown::CommentsContext;
use crate::{
    api::comment::{Delete, Pin, Show, Unpin},
    components::{
        dialog::DialogLink,
        post_button::{ActionProblem, PostButton, on_answer},
        posted::Posted,
    },
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::{
        comment::{Comment, CommentState, Commenting},
        decision::ReportTarget,
    },
    paths,
};

/// The consequences of deleting a comment.
pub(in crate::pages) const EXPLANATION: &str = "Nobody can read or restore its text. Replies to it stay.";

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

/// The actions of the viewer. Empty if there are none.
#[component]
pub(super) fn Tools(comment: Comment, context: CommentsContext) -> impl IntoView {
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
    // Nobody reports what they can delete themselves.
    let report = (!comment.actions.delete && !comment.html.is_empty())
        .then(|| link(paths::report(&ReportTarget::Comment(id)), "Report"));
    let has_any = reply.as_ref().is_some_and(Option::is_some)
        || pin.is_some()
        || hide.is_some()
        || delete.is_some()
        || comment.actions.edit
        || report.is_some();
    has_any.then(|| {
        view! {
            <div class="comment-tools">
                {reply}
                {comment.actions.edit.then(|| link(paths::update_comment(id), "Edit"))}
                {delete}
                {approve}
                {hide}
                {pin}
                {report}
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
