//! Requesting a password reset.

use leptos::prelude::*;

use crate::{
    api::recovery::ForgotPassword,
    components::{form::Form, text_field::TextField},
    pages::guard::RecoveringOnly,
};
use shared::{
    forms::{Field, Form as _},
    paths,
};

/// The form that requests a password reset link.
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    view! {
        <RecoveringOnly>
            <Fields />
            <p class="aside">"Remembered it? " <a href=paths::LOGIN>"Log in"</a></p>
        </RecoveringOnly>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let action = ServerAction::<ForgotPassword>::new();
    view! {
        <Form action check=|input| input.form.validate().map(drop) heading="Forgot your password?" submit="Send me a link">
            <TextField
                field=Field::Email
                kind="email"
                autocomplete="email"
                hint="The address of your account. The link works for 30 minutes."
            />
        </Form>
    }
}
