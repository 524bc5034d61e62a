//! Erasing an earlier version of a post.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::history::{EraseVersion, read},
    components::{
        post_button::{ActionProblem, problem_of},
        title::PageTitle,
    },
    pages::{guard::MembersOnly, loaded::Loaded},
    resource::{PageResource, load},
};
use shared::{error::AppError, model::history::PostHistory, paths};

/// The consequences of erasing a version.
pub(in crate::pages) const EXPLANATION: &str =
    "Nobody can see or restore it again. Backups that have been taken still contain it.";

/// The question whether to erase the version in the URL.
#[component]
pub fn EraseVersionPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Ask />
        </MembersOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let check = |history: &PostHistory| {
        if history.may_change {
            Ok(())
        } else {
            Err(AppError::Forbidden)
        }
    };
    let history = load_version(wanted_version(), check);
    view! {
        <Loaded resource=history let:history>
            <Question history />
        </Loaded>
    }
}

/// Returns the post and the number of the version in the URL.
pub(in crate::pages) fn wanted_version() -> Memo<Option<(i64, i64)>> {
    let query = use_query_map();
    Memo::new(move |_| {
        let query = query.read();
        let number = |name: &str| query.get(name)?.parse::<i64>().ok();
        number("post").zip(number("number"))
    })
}

/// Loads the history of the `wanted` post up to the version that is to be erased, unless that is the present one or `check` refuses.
pub(in crate::pages) fn load_version(
    wanted: Memo<Option<(i64, i64)>>,
    check: fn(&PostHistory) -> Result<(), AppError>,
) -> PageResource<PostHistory> {
    load(
        move || wanted.get(),
        move |wanted| async move {
            let (post, number) = wanted.ok_or(AppError::NotFound)?;
            let history = read(post, None, Some(number), None).await?;
            check(&history)?;
            if history.is_present(number) {
                // It is changed in the editor, or hidden with the post.
                return Err(AppError::NotFound);
            }
            Ok(history)
        },
    )
}

#[component]
fn Question(history: PostHistory) -> impl IntoView {
    let action = ServerAction::<EraseVersion>::new();
    let problem = problem_of(action);
    let (post, number) = (history.post.id, history.difference.to);
    view! {
        <PageTitle text="Erase version" />
        <ActionProblem problem />
        <h1>"Erase version " {number} "?"</h1>
        <p class="lead" dir="auto">
            {history.title}
        </p>
        <p>{EXPLANATION}</p>
        <div class="form-buttons">
            <EraseButton action post number />
            <a class="button button-quiet" href=paths::history_between(post, None, number)>
                "Keep it"
            </a>
        </div>
    }
}

/// The button that erases the version `number`.
#[component]
pub(super) fn EraseButton(action: ServerAction<EraseVersion>, post: i64, number: i64) -> impl IntoView {
    view! {
        <ActionForm action attr:class="post-button">
            <input type="hidden" name="post" value=post.to_string() />
            <input type="hidden" name="number" value=number.to_string() />
            <button type="submit" class="button button-danger">
                "Erase version"
            </button>
        </ActionForm>
    }
}
