//! Registering.

use leptos::prelude::*;

use super::new_account::NewAccountFields;
use crate::{api::account::Register, components::form::Form, pages::guard::VisitorsOnly};
use shared::paths;

/// The registration form.
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
    view! {
        <Form action check=|input| input.form.check() heading="Register" submit="Create account">
            <NewAccountFields />
        </Form>
    }
}
