//! Deleting a post.

use leptos::prelude::*;

use super::wanted;
use crate::{
    api::post::{Delete, open_post},
    components::{
        post_button::{ActionProblem, PostButton, problem_of},
        title::PageTitle,
    },
    pages::guard::MembersOnly,
};
use shared::{
    model::post::{EditorDocument, TRASH_DAYS},
    paths,
};

/// The question whether to delete the post in the URL, for browsers without JavaScript.
#[component]
pub fn DeletePostPage() -> impl IntoView {
    view! {
        <MembersOnly>
            {wanted::ask("post", open_post, question)}
        </MembersOnly>
    }
}

fn question(document: EditorDocument) -> impl IntoView {
    let action = ServerAction::<Delete>::new();
    let problem = problem_of(action);
    let title = document.post_title;
    document.post.map(|post| {
        let back = paths::post(&post);
        view! {
            <PageTitle text="Delete post" />
            <ActionProblem problem />
            <h1>"Delete this post?"</h1>
            <p class="lead">{title}</p>
            <p>{explanation()}</p>
            <div class="form-buttons">
                <PostButton action label="Delete post" field=("id", post.id.to_string()) dangerous=true />
                <a class="button button-quiet" href=back>
                    "Keep it"
                </a>
            </div>
        }
    })
}

/// Returns the consequences of deleting a post.
pub(super) fn explanation() -> String {
    format!(
        "It is removed from the site immediately. You can restore it from your trash within {TRASH_DAYS} days."
    )
}
