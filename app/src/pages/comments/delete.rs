//! Deleting a comment, for browsers without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::tools::{DeleteButton, EXPLANATION};
use crate::{
    api::comment::{Delete, ask_to_delete},
    components::{
        form::submission,
        post_button::{ActionProblem, problem_of},
        title::PageTitle,
    },
    pages::{guard::MembersOnly, loaded::Loaded},
    resource::load,
};
use shared::{error::AppError, model::comment::CommentQuestion, paths};

/// The question whether to delete the comment in the URL.
#[component]
pub fn DeleteCommentPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Ask />
        </MembersOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let query = use_query_map();
    // The address of a form that was refused has no query.
    let typed = submission().and_then(|submission| submission.typed.get("comment").cloned());
    let wanted = Memo::new(move |_| {
        let id = query.read().get("comment").or_else(|| typed.clone());
        id?.parse::<i64>().ok()
    });
    let question = load(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => ask_to_delete(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded resource=question let:question>
            <Question question />
        </Loaded>
    }
}

#[component]
fn Question(question: CommentQuestion) -> impl IntoView {
    let action = ServerAction::<Delete>::new();
    let problem = problem_of(action);
    let id = question.comment.id;
    view! {
        <PageTitle text="Delete comment" />
        <ActionProblem problem />
        <h1>"Delete this comment?"</h1>
        <figure class="comment-quoted">
            <blockquote class="prose comment-text" inner_html=question.comment.html></blockquote>
        </figure>
        <p>{EXPLANATION}</p>
        <div class="form-buttons">
            <DeleteButton action id />
            <a class="button button-quiet" href=paths::comment(id)>
                "Keep it"
            </a>
        </div>
    }
}
