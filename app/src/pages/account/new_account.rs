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
pub(super) fn NewAccountFields(
    /// The only address that may register, if there is one.
    #[prop(optional_no_strip)]
    email: Option<String>,
) -> impl IntoView {
    let username = format!(
        "{USERNAME_MIN} to {USERNAME_MAX} characters: a–z, 0–9, “-” and “_”, starting with a letter or digit. It is part of your page's address."
    );
    let password = format!("At least {PASSWORD_MIN} characters. A sentence is good.");
    view! {
        <TextField field=Field::Username autocomplete="username" hint=username />
        {match email {
            Some(email) => {
                view! {
                    <TextField
                        field=Field::Email
                        kind="email"
                        autocomplete="email"
                        value=email
                        hint="The invitation is for this address only."
                    />
                }
            }
            None => view! { <TextField field=Field::Email kind="email" autocomplete="email" /> },
        }}
        <TextField field=Field::Password kind="password" autocomplete="new-password" hint=password />
        <TextField field=Field::ConfirmPassword kind="password" autocomplete="new-password" />
    }
}
