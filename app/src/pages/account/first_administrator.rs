//! Creating the first administrator.

use leptos::prelude::*;

use super::new_account::NewAccountFields;
use crate::{
    api::account::{BecomeFirstAdministrator, FirstAdministrator, check_first_administrator, current_viewer},
    components::{
        form::{Form, has_submission},
        post_button::{ActionProblem, PostButton, on_answer},
        title::PageTitle,
    },
    http,
    pages::error_page::ErrorPage,
    resource::load,
    type_erasure::Erase,
    viewer::ViewerContext,
};
use shared::{error::AppError, model::account::Viewer, paths};

/// The form that creates the first administrator, for the holder of the link on the console. A logged-in user may use
/// their existing account.
#[component]
pub fn FirstAdministratorPage() -> impl IntoView {
    let link = load(
        || (),
        |()| async {
            check_first_administrator().await?;
            current_viewer().await
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match link.await {
                    Err(AppError::BadToken) if !has_submission() => view! { <UselessLink /> }.erased(),
                    Err(error) if !has_submission() => view! { <ErrorPage error /> }.erased(),
                    Ok(Some(viewer)) if !has_submission() => view! { <Existing viewer /> }.erased(),
                    _ => view! { <Fields /> }.erased(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn UselessLink() -> impl IntoView {
    http::set_status(AppError::BadToken.status());
    view! {
        <PageTitle text=AppError::BadToken.title() />
        <h1>{AppError::BadToken.title()}</h1>
        <p class="lead">
            "It works once, for one day, and only while there is no administrator. The program prints another link when it next starts. "
            "You can also run " <code>"broadsheet user promote NAME"</code> "."
        </p>
        <p>
            <a class="button" href=paths::HOME>
                "Read the newest posts"
            </a>
        </p>
    }
}

/// The button that promotes the logged-in user.
#[component]
fn Existing(viewer: Viewer) -> impl IntoView {
    let context = use_context::<ViewerContext>();
    let promote = ServerAction::<BecomeFirstAdministrator>::new();
    let problem = RwSignal::new(None);
    on_answer(promote, problem, move || {
        context.inspect(|context| context.resource.refetch());
    });
    view! {
        <PageTitle text="Set up the first administrator" />
        <ActionProblem problem />
        <h1>"Set up the first administrator"</h1>
        <p class="lead">
            "The program printed this link when it started. Anyone who has it can choose, once, who is the administrator of this site."
        </p>
        <p>
            "You are logged in as " <strong>{viewer.username}</strong>
            ". Make this account the administrator, or log out and follow the link again to create a new account."
        </p>
        <div class="form-buttons">
            <PostButton action=promote label="Make this account the administrator" dangerous=true />
            {context.map(|context| view! { <PostButton action=context.log_out label="Log out" /> })}
        </div>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let action = ServerAction::<FirstAdministrator>::new();
    view! {
        <Form
            action
            check=|input| input.form.check()
            heading="Set up the first administrator"
            submit="Create account"
        >
            <NewAccountFields />
        </Form>
    }
}
