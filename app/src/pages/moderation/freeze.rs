//! Freezing an account.

use leptos::prelude::*;

use super::person::about_person;
use crate::{
    api::moderation::Freeze as FreezeAccount,
    components::{
        form::Form, ground_choice::GroundChoice, text_area::TextArea, text_field::TextField,
        timestamp::Timestamp,
    },
};
use shared::{
    forms::{
        Field, Form as _,
        moderation::{FREEZE_DAYS, FREEZE_DAYS_MAX, REASON_MAX},
    },
    model::account::Freeze,
    paths,
};

/// The form that freezes the account of the user in the URL.
#[component]
pub fn FreezePage() -> impl IntoView {
    about_person(|username, freeze| view! { <Fields username freeze /> })
}

#[component]
fn Fields(username: String, freeze: Option<Freeze>) -> impl IntoView {
    let action = ServerAction::<FreezeAccount>::new();
    let hint = format!("They can read it, and so can other moderators. At most {REASON_MAX} characters.");
    let freeze = StoredValue::new(freeze);
    let query = paths::freeze(&username).replacen(paths::FREEZE, "", 1);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Freeze account"
            submit="Freeze account"
            query
            dangerous=true
        >
            <p>
                "For some days, " <strong>{username.clone()}</strong>
                " can only read, save drafts and delete what they have written. What they have published stays on the site. We email them the reason and how to object."
            </p>
            {freeze
                .get_value()
                .map(|freeze| {
                    view! {
                        <p class="notice">
                            "The account is frozen until " <Timestamp at=freeze.until /> " already. This replaces the end and the reason: "
                            {freeze.reason}
                        </p>
                    }
                })}
            <input type="hidden" name="username" value=username />
            <TextField
                field=Field::Days
                kind="number"
                value=FREEZE_DAYS.to_string()
                hint=format!("At most {FREEZE_DAYS_MAX}.")
            />
            <GroundChoice />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
