//! Confirming an address.

use leptos::prelude::*;

use crate::{
    api::recovery::{ConfirmEmail, read_confirmation},
    components::{
        form::Form,
        text_field::{PasswordOwner, TextField},
    },
    pages::error_page::ErrorPage,
    resource::load,
    type_erasure::Erase,
};
use shared::{
    forms::{Field, Form as _},
    paths,
};

/// The button that confirms the address of a link. Following the link is not enough, because mail scanners do that as
/// well.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let pending = load(|| (), |()| read_confirmation());
    let action = ServerAction::<ConfirmEmail>::new();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match pending.await {
                    Ok(confirmation) => {
                        view! {
                            <Form action check=|input| input.form.validate().map(drop) heading="Confirm your email address" submit="Confirm this address">
                                <p>"Is " <strong>{confirmation.email.clone()}</strong> " your email address?"</p>
                                {confirmation.is_new.then(|| view! { <Chosen email=confirmation.email /> })}
                            </Form>
                        }
                            .erased()
                    }
                    Err(error) => {
                        view! {
                            <ErrorPage error />
                            <p class="aside">
                                "An address that is already confirmed stays confirmed. To get another link, go to "
                                <a href=paths::ACCOUNT>"your account"</a>
                                "."
                            </p>
                        }
                            .erased()
                    }
                }
            })}
        </Suspense>
    }
}

/// The password field for an account that does not exist yet.
#[component]
fn Chosen(email: String) -> impl IntoView {
    view! {
        <PasswordOwner name=email />
        <TextField
            field=Field::Password
            kind="password"
            autocomplete="current-password"
            hint="The one you chose when you registered. This makes sure that nobody else registered for you."
        />
    }
}
