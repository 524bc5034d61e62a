//! Registering.

use leptos::prelude::*;

use super::new_account::NewAccountFields;
use crate::{
    api::account::Register,
    components::{
        form::{Form, has_submission},
        title::PageTitle,
    },
    pages::guard::VisitorsOnly,
    site::use_site,
    type_erasure::Erase,
};
use shared::{error::AppError, model::site::RegistrationMode, paths};

/// The registration form, or who can register if not everybody can.
#[component]
pub fn RegisterPage() -> impl IntoView {
    view! {
        <VisitorsOnly>
            {match use_site().registration {
                RegistrationMode::Invited if !has_submission() => {
                    view! { <Refusal error=AppError::InvitationRequired /> }.erased()
                }
                RegistrationMode::Closed if !has_submission() => {
                    view! { <Refusal error=AppError::RegistrationClosed /> }.erased()
                }
                mode => view! { <Fields is_private=mode == RegistrationMode::Private /> }.erased(),
            }}
            <p class="aside">"Already have an account? " <a href=paths::LOGIN>"Log in"</a></p>
        </VisitorsOnly>
    }
}

/// The reason why not everybody can register.
#[component]
fn Refusal(error: AppError) -> impl IntoView {
    view! {
        <PageTitle text=error.title() />
        <h1>{error.title()}</h1>
        <p class="lead">{error.advice()}</p>
    }
}

#[component]
fn Fields(is_private: bool) -> impl IntoView {
    let action = ServerAction::<Register>::new();
    view! {
        <Form action check=|input| input.form.check() heading="Register" submit="Create account">
            {is_private
                .then(|| view! { <p>"We email you a link. Your account is created when you open it and confirm your address."</p> })}
            <NewAccountFields />
        </Form>
    }
}
