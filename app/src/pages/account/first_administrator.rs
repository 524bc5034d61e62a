//! Make the first administrator.

use leptos::prelude::*;

use crate::{
    api::account::{FirstAdministrator, check_first_administrator},
    components::{
        form::{Form, has_submission},
        title::PageTitle,
    },
    erased::Erase,
    error::AppError,
    forms::Form as _,
    http,
    loaded::load,
    pages::{account::new_account::NewAccountFields, guard::RecoveringOnly, problem::Problem},
    paths,
};

/// The form that makes the first administrator, for who has followed the link on the console.
#[component]
pub fn FirstAdministratorPage() -> impl IntoView {
    view! {
        <RecoveringOnly>
            <WithLink />
        </RecoveringOnly>
    }
}

#[component]
fn WithLink() -> impl IntoView {
    let link = load(|| (), |()| check_first_administrator());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match link.await {
                    Err(AppError::BadToken) if !has_submission() => view! { <UselessLink /> }.erased(),
                    Err(error) if !has_submission() => view! { <Problem error /> }.erased(),
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
            "It works once, for a day, and while nobody is an administrator. The program prints another at its next start; "
            "`broadsheet user promote NAME` does the same."
        </p>
        <p>
            <a class="button" href=paths::HOME>
                "Read the newest posts"
            </a>
        </p>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let action = ServerAction::<FirstAdministrator>::new();
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Make the first administrator"
            submit="Create account"
        >
            <NewAccountFields />
        </Form>
    }
}
