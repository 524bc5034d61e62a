//! Make an account.

use leptos::prelude::*;

use crate::{
    api::account::Register,
    components::{form::Form, text_field::TextField},
    forms::{
        Field, Form as _,
        password::PASSWORD_MIN,
        username::{USERNAME_MAX, USERNAME_MIN},
    },
    pages::guard::VisitorsOnly,
    paths,
};

/// The form that makes an account.
#[component]
pub fn RegisterPage() -> impl IntoView {
    view! {
        <VisitorsOnly>
            <Fields />
            <p class="aside">"Already have an account? " <a href=paths::LOGIN>"Log in"</a></p>
        </VisitorsOnly>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let action = ServerAction::<Register>::new();
    let username = format!(
        "{USERNAME_MIN} to {USERNAME_MAX} characters: a–z, 0–9, “-” and “_”, the first a letter or digit. It is part of your page's address."
    );
    let password = format!("At least {PASSWORD_MIN} characters; a sentence is good.");
    view! {
        <Form action check=|input| input.form.validate().map(drop) heading="Register" submit="Create account">
            <TextField field=Field::Username autocomplete="username" hint=username />
            <TextField field=Field::Email kind="email" autocomplete="email" />
            <TextField field=Field::Password kind="password" autocomplete="new-password" hint=password />
            <TextField field=Field::ConfirmPassword kind="password" autocomplete="new-password" />
        </Form>
    }
}
