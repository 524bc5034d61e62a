//! Warning a user.

use leptos::prelude::*;

use super::person::about_person;
use crate::{
    api::report::Warn,
    components::{form::Form, ground_choice::GroundChoice, text_area::TextArea},
};
use shared::{
    forms::{Field, Form as _, moderation::REASON_MAX},
    paths,
};

/// The form that warns the user in the URL.
#[component]
pub fn WarnPage() -> impl IntoView {
    about_person(|username, _| view! { <Fields username /> })
}

#[component]
fn Fields(username: String) -> impl IntoView {
    let action = ServerAction::<Warn>::new();
    let hint = format!("They can read it, and so can other moderators. At most {REASON_MAX} characters.");
    let query = paths::warn(&username).replacen(paths::WARN, "", 1);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Send a warning"
            submit="Send warning"
            query
        >
            <p>
                "We email " <strong>{username.clone()}</strong>
                " the reason and how to appeal. Nothing else changes."
            </p>
            <input type="hidden" name="username" value=username />
            <GroundChoice />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
