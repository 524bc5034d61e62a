//! Throw a draft away.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::post::{DiscardDraft, open_draft},
    components::{
        post_button::{ActionProblem, PostButton},
        title::PageTitle,
    },
    error::AppError,
    model::post::Manuscript,
    pages::{guard::MembersOnly, problem::Problem},
    paths,
};

/// Asks whether the draft in the address is to be thrown away: there is no trash for drafts.
#[component]
pub fn DiscardDraftPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Ask />
        </MembersOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.read().get("draft").and_then(|id| id.parse::<i64>().ok()));
    let draft = Resource::new(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => open_draft(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match draft.await {
                    Ok(manuscript) => {
                        let id = manuscript.target.draft;
                        id.map(|id| view! { <Question id manuscript /> }).into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Question(id: i64, manuscript: Manuscript) -> impl IntoView {
    let action = ServerAction::<DiscardDraft>::new();
    let problem = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(Err(error)) = action.value().get() {
            problem.set(Some(error));
        }
    });
    let explanation = if manuscript.post.is_some() {
        "What you have changed goes for ever. The post stays as it is."
    } else {
        "Its text goes for ever."
    };
    view! {
        <PageTitle text="Discard draft" />
        <ActionProblem problem />
        <h1>"Discard this draft?"</h1>
        <p class="lead">{manuscript.title}</p>
        <p>{explanation}</p>
        <div class="form-buttons">
            <PostButton action label="Discard draft" field=("id", id.to_string()) dangerous=true />
            <a class="button button-quiet" href=paths::ACCOUNT_DRAFTS>
                "Keep it"
            </a>
        </div>
    }
}
