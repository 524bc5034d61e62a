//! Logging in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        checkbox::Checkbox,
        form::{Form, FormContext},
        text_field::TextField,
    },
    pages::guard::VisitorsOnly,
    site::use_site,
    viewer::ViewerContext,
};
use shared::{
    forms::{Field, Form as _},
    paths,
};

/// The login form.
#[component]
pub fn LoginPage() -> impl IntoView {
    let action = use_context::<ViewerContext>().map_or_else(ServerAction::new, |viewer| viewer.log_in);
    let register = || {
        let is_for_everybody = use_site().registration.is_for_everybody();
        is_for_everybody.then(|| view! { " No account yet? " <a href=paths::REGISTER>"Register"</a> })
    };
    view! {
        <VisitorsOnly>
            <Form action check=|input| input.form.validate().map(drop) heading="Log in" submit="Log in">
                <Name />
                <TextField field=Field::Password kind="password" autocomplete="current-password" />
                <Checkbox field=Field::Remember hint="Stay logged in on this device for 30 days." />
                <Next />
            </Form>
            <p class="aside">
                <a href=paths::FORGOT_PASSWORD>"Forgot your password?"</a>
                {register}
            </p>
        </VisitorsOnly>
    }
}

/// The name field, filled in after a registration.
#[component]
fn Name() -> impl IntoView {
    let name = use_query_map().read_untracked().get("name");
    view! { <TextField field=Field::Login autocomplete="username" value=name.unwrap_or_default() /> }
}

/// The path to redirect to, as a hidden field.
#[component]
pub(super) fn Next() -> impl IntoView {
    let typed = use_context::<FormContext>().and_then(|form| form.typed("next"));
    let next = typed.or_else(|| use_query_map().read_untracked().get("next"));
    let next = next.filter(|next| paths::local(next).is_some());
    next.map(|next| view! { <input type="hidden" name="next" value=next /> })
}
