//! Confirm an address.

use leptos::prelude::*;

use crate::{
    api::recovery::{ConfirmEmail, read_confirmation},
    components::form::Form,
    pages::problem::Problem,
};

/// The button that confirms the address of a link: following the link alone does not, for programs do that as well.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let pending = Resource::new(|| (), |()| read_confirmation());
    let action = ServerAction::<ConfirmEmail>::new();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match pending.await {
                    Ok(confirmation) => {
                        view! {
                            <Form action check=|_| Ok(()) heading="Confirm your address" submit="Confirm this address">
                                <p>"Is " <strong>{confirmation.email}</strong> " yours?"</p>
                            </Form>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
