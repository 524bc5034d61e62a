//! Changing the password.

use leptos::prelude::*;

use crate::{
    api::settings::ChangePassword,
    components::{
        form::Form,
        section_nav::AccountNav,
        text_field::{PasswordOwner, TextField},
    },
    pages::guard::{Member, MembersOnly},
};
use shared::forms::{Field, Form as _, password::PASSWORD_MIN};

/// The form that changes the password.
#[component]
pub fn PasswordPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Fields />
        </MembersOnly>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let action = ServerAction::<ChangePassword>::new();
    let hint = format!(
        "At least {PASSWORD_MIN} characters. A sentence is good. You will be logged out everywhere else."
    );
    view! {
        <Form action check=|input| input.form.validate().map(drop) heading="Password" submit="Change password">
            <PasswordOwner name=Member::username() />
            <TextField field=Field::CurrentPassword kind="password" autocomplete="current-password" />
            <TextField field=Field::NewPassword kind="password" autocomplete="new-password" hint />
            <TextField field=Field::ConfirmPassword kind="password" autocomplete="new-password" />
        </Form>
    }
}
