//! Suspending a user.

use leptos::{children::ToChildren, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{account::read_profile, moderation::Suspend as SuspendAccount},
    components::{form::Form, text_area::TextArea},
    pages::{guard::ModeratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::RepeatedChildren,
};
use shared::{
    forms::{Field, Form as _, moderation::REASON_MAX},
    paths,
};

/// The form that suspends the user in the URL.
#[component]
pub fn SuspendPage() -> impl IntoView {
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
            rejected=RepeatedChildren::to_children(move || view! { <Fields username=wanted.get_untracked() /> })
            let:person
        >
            <Fields username=person.username />
        </Loaded>
    }
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
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
