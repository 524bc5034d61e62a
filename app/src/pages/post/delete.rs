//! Delete a post.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::post::{Delete, open_post},
    components::{
        post_button::{ActionProblem, PostButton},
        title::PageTitle,
    },
    error::AppError,
    model::post::Manuscript,
    pages::{guard::MembersOnly, problem::Problem},
    paths,
};

/// Asks whether the post in the address is to be deleted, for browsers without JavaScript.
#[component]
pub fn DeletePostPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Ask />
        </MembersOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.read().get("post").and_then(|id| id.parse::<i64>().ok()));
    let post = Resource::new(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => open_post(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match post.await {
                    Ok(manuscript) => view! { <Question manuscript /> }.into_any(),
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Question(manuscript: Manuscript) -> impl IntoView {
    let action = ServerAction::<Delete>::new();
    let problem = delete_problem(action);
    let title = manuscript.post_title;
    manuscript.post.map(|post| {
        let back = paths::post(&post);
        view! {
            <PageTitle text="Delete post" />
            <ActionProblem problem />
            <h1>"Delete this post?"</h1>
            <p class="lead">{title}</p>
            <p>{EXPLANATION}</p>
            <div class="form-buttons">
                <PostButton action label="Delete post" field=("id", post.id.to_string()) dangerous=true />
                <a class="button button-quiet" href=back>
                    "Keep it"
                </a>
            </div>
        }
    })
}

/// What becomes of a deleted post.
pub(super) const EXPLANATION: &str =
    "It leaves the site at once. You can bring it back from your trash for 30 days.";

/// Why `action` has not deleted the post, if it has not.
pub(super) fn delete_problem(action: ServerAction<Delete>) -> RwSignal<Option<AppError>> {
    let problem = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(Err(error)) = action.value().get() {
            problem.set(Some(error));
        }
    });
    problem
}
