//! Deleting the account.

use leptos::prelude::*;

use crate::{
    components::{
        form::Form,
        section_nav::AccountNav,
        text_field::{PasswordOwner, TextField},
    },
    pages::guard::{Member, MembersOnly},
    viewer::ViewerContext,
};
use shared::forms::{Field, Form as _};

/// The consequences and the form that deletes the account.
#[component]
pub fn DeleteAccountPage() -> impl IntoView {
    let action = use_context::<ViewerContext>().map_or_else(ServerAction::new, |viewer| viewer.delete);
    view! {
        <MembersOnly>
            <AccountNav />
            <Form
                action
                check=|input| input.form.validate().map(drop)
                heading="Delete account"
                submit="Delete my account"
                dangerous=true
            >
                <p>
                    "Your profile, profile picture and all your posts are deleted immediately. This cannot be undone. "
                    "Somebody else can then take your username."
                </p>
                <PasswordOwner name=Member::username() />
            <TextField field=Field::CurrentPassword kind="password" autocomplete="current-password" />
            </Form>
        </MembersOnly>
    }
}
