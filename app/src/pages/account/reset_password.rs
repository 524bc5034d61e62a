//! Resetting the password.

use leptos::prelude::*;

use crate::{
    api::recovery::{ResetPassword, check_reset},
    components::{
        form::{Form, has_submission},
        text_field::{PasswordOwner, TextField},
    },
    flash::Flash,
    http,
    pages::{error_page::ErrorPage, guard::RecoveringOnly},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, password::PASSWORD_MIN},
    paths,
};

/// The form that sets a new password. Visitors without a valid link are redirected to the page that sends one.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    view! {
        <RecoveringOnly>
            <WithLink />
        </RecoveringOnly>
    }
}

#[component]
fn WithLink() -> impl IntoView {
    let link = load(|| (), |()| check_reset());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match link.await {
                    Err(AppError::BadToken) if !has_submission() => {
                        http::flash(Flash::LinkUseless);
                        http::redirect(paths::FORGOT_PASSWORD);
                        ().erased()
                    }
                    Err(error) if error != AppError::BadToken => view! { <ErrorPage error /> }.erased(),
                    link => {
                        let email = link.map(|confirmation| confirmation.email).unwrap_or_default();
                        view! { <Fields email /> }.erased()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn Fields(email: String) -> impl IntoView {
    let action = ServerAction::<ResetPassword>::new();
    let hint =
        format!("At least {PASSWORD_MIN} characters. A sentence is good. You will be logged out everywhere.");
    view! {
        <Form action check=|input| input.form.validate().map(drop) heading="Choose a new password" submit="Change password">
            <PasswordOwner name=email />
            <TextField field=Field::NewPassword kind="password" autocomplete="new-password" hint />
            <TextField field=Field::ConfirmPassword kind="password" autocomplete="new-password" />
        </Form>
    }
}
