//! Freezing an account.

use leptos::{children::ToChildren, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{account::read_profile, moderation::Freeze as FreezeAccount},
    components::{form::Form, text_area::TextArea, text_field::TextField, timestamp::Timestamp},
    pages::{error_page::ErrorPage, guard::ModeratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
};
use shared::{
    error::AppError,
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
    view! {
        <ModeratorsOnly>
            <Ask />
        </ModeratorsOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.read().get("user").unwrap_or_default());
    let person = load(move || wanted.get(), |username| read_profile(username, 1));
    view! {
        <Loaded
            resource=person
            rejected=RepeatedChildren::to_children(move || view! { <Fields username=wanted.get_untracked() freeze=None /> })
            let:person
        >
            {
                if person.may_suspend {
                    view! { <Fields username=person.username freeze=person.freeze /> }.erased()
                } else {
                    view! { <ErrorPage error=AppError::RoleRequired /> }.erased()
                }
            }
        </Loaded>
    }
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
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
