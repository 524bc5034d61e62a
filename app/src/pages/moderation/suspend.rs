//! Keep somebody from logging in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::moderation::Suspend as SuspendAccount,
    components::{form::Form, text_area::TextArea, text_field::TextField},
    forms::{Field, Form as _, moderation::REASON_MAX},
    pages::guard::ModeratorsOnly,
};

/// Asks why an account is to be suspended: that in the address, or another.
#[component]
pub fn SuspendPage() -> impl IntoView {
    view! {
        <ModeratorsOnly>
            <Fields />
        </ModeratorsOnly>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let action = ServerAction::<SuspendAccount>::new();
    let username = use_query_map().read_untracked().get("user").unwrap_or_default();
    let hint = format!("Other moderators read it. At most {REASON_MAX} characters.");
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Suspend account"
            submit="Suspend account"
            dangerous=true
        >
            <p>"Nobody can log in to it until it is reinstated. Its posts stay."</p>
            <TextField field=Field::Username value=username />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
