//! Entering the password again.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::login::Next;
use crate::{
    api::account::ConfirmPassword,
    components::{
        form::Form,
        text_field::{PasswordOwner, TextField},
    },
    pages::guard::{Member, MembersOnly},
};
use shared::{
    forms::{Field, Form as _},
    paths,
};

/// The form that confirms the password before something that cannot be undone.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let action = ServerAction::<ConfirmPassword>::new();
    let next = use_query_map().read_untracked().get("next");
    let query = next.map(|next| paths::confirm_then(&next).replacen(paths::CONFIRM, "", 1));
    view! {
        <MembersOnly>
            <Form
                action
                check=|input| input.form.validate().map(drop)
                heading="Confirm your password"
                submit="Confirm"
                query=query.clone().unwrap_or_default()
            >
                <p>"What you are about to do cannot be undone, so we make sure that it is you."</p>
                <PasswordOwner name=Member::username() />
                <TextField field=Field::CurrentPassword kind="password" autocomplete="current-password" />
                <Next />
            </Form>
        </MembersOnly>
    }
}
