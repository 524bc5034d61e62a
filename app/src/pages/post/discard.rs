//! Discarding a draft.

use leptos::prelude::*;

use super::wanted;
use crate::{
    api::post::{DiscardDraft, open_draft},
    components::{
        post_button::{ActionProblem, PostButton, problem_of},
        title::PageTitle,
    },
    pages::guard::MembersOnly,
};
use shared::{model::post::EditorDocument, paths};

/// The question whether to discard the draft in the URL, which cannot be undone.
#[component]
pub fn DiscardDraftPage() -> impl IntoView {
    view! {
        <MembersOnly>
            {wanted::ask("draft", open_draft, question)}
        </MembersOnly>
    }
}

fn question(document: EditorDocument) -> impl IntoView {
    let action = ServerAction::<DiscardDraft>::new();
    let problem = problem_of(action);
    let explanation = explanation(document.post.is_some());
    document.target.draft.map(|id| {
        view! {
            <PageTitle text="Discard draft" />
            <ActionProblem problem />
            <h1>"Discard this draft?"</h1>
            <p class="lead">{document.title}</p>
            <p>{explanation}</p>
            <div class="form-buttons">
                <PostButton action label="Discard draft" field=("id", id.to_string()) dangerous=true />
                <a class="button button-quiet" href=paths::ACCOUNT_DRAFTS>
                    "Keep it"
                </a>
            </div>
        }
    })
}

/// Returns the consequences of discarding a draft.
pub(in crate::pages) const fn explanation(is_of_post: bool) -> &'static str {
    if is_of_post {
        "Your changes are permanently deleted. The post stays as it is."
    } else {
        "Its text is permanently deleted."
    }
}
