//! Suspending a user.

use leptos::prelude::*;

use super::person::about_person;
use crate::{
    api::moderation::Suspend as SuspendAccount,
    components::{form::Form, ground_choice::GroundChoice, text_area::TextArea},
};
use shared::{
    forms::{Field, Form as _, moderation::REASON_MAX},
    paths,
};

/// The form that suspends the user in the URL.
#[component]
pub fn SuspendPage() -> impl IntoView {
    about_person(|username, _| view! { <Fields username /> })
}

#[component]
fn Fields(username: String) -> impl IntoView {
    let action = ServerAction::<SuspendAccount>::new();
    let hint = format!("They can read it, and so can other moderators. At most {REASON_MAX} characters.");
    let query = paths::suspend(&username).replacen(paths::SUSPEND, "", 1);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Suspend account"
            submit="Suspend account"
            query
            dangerous=true
        >
            <p>
                "Nobody can log in to the account of " <strong>{username.clone()}</strong>
                " until it is reinstated. Their posts stay on the site. We email them the reason and how to object."
            </p>
            <input type="hidden" name="username" value=username />
            <GroundChoice />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
