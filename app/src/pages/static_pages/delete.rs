//! Deleting a static page.

use leptos::prelude::*;

use crate::{
    api::static_page::{Delete, open},
    components::{
        post_button::{ActionProblem, PostButton, problem_of},
        title::PageTitle,
    },
    pages::{guard::AdministratorsOnly, loaded::Loaded, query},
    resource::load,
};
use shared::{error::AppError, model::static_page::StaticPageDocument, paths};

/// The question whether to delete the page in the URL, for browsers without JavaScript.
#[component]
pub fn DeleteStaticPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <Ask />
        </AdministratorsOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let id = query::number("id");
    let page = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => open(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded resource=page let:page>
            <Question page />
        </Loaded>
    }
}

#[component]
fn Question(page: StaticPageDocument) -> impl IntoView {
    let action = ServerAction::<Delete>::new();
    let problem = problem_of(action);
    let id = page.id.unwrap_or_default();
    view! {
        <PageTitle text="Delete page" />
        <ActionProblem problem />
        <h1>"Delete this page?"</h1>
        <p class="lead" dir="auto">{page.title}</p>
        <p>{explanation()}</p>
        <div class="form-buttons">
            <PostButton action label="Delete page" field=("id", id.to_string()) dangerous=true />
            <a class="button button-quiet" href=paths::STATIC_PAGES>
                "Keep it"
            </a>
        </div>
    }
}

/// Returns the consequences of deleting a page.
pub(super) const fn explanation() -> &'static str {
    "It is removed from the site immediately and cannot be restored. To take it off the site and keep it, unpublish it instead."
}
