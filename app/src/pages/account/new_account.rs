//! The fields of registration forms.

use leptos::prelude::*;

use crate::components::text_field::TextField;
use shared::forms::{
    Field,
    password::PASSWORD_MIN,
    username::{USERNAME_MAX, USERNAME_MIN},
};

/// The fields of registration forms.
#[component]
pub(super) fn NewAccountFields() -> impl IntoView {
    let username = format!(
        "{USERNAME_MIN} to {USERNAME_MAX} characters: a–z, 0–9, “-” and “_”, starting with a letter or digit. It is part of your page's address."
    );
    let password = format!("At least {PASSWORD_MIN} characters. A sentence is good.");
    view! {
        <TextField field=Field::Username autocomplete="username" hint=username />
        <TextField field=Field::Email kind="email" autocomplete="email" />
        <TextField field=Field::Password kind="password" autocomplete="new-password" hint=password />
        <TextField field=Field::ConfirmPassword kind="password" autocomplete="new-password" />
    }
}
