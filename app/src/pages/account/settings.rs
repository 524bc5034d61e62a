//! Change one's profile.

use leptos::prelude::*;

use crate::{
    api::settings::{ChangeProfile, SendConfirmation, read_settings},
    components::{
        account_nav::AccountNav,
        flash_message::FlashContext,
        form::Form,
        post_button::{PostButton, on_answer},
        text_area::TextArea,
        text_field::TextField,
    },
    error::AppError,
    forms::{
        Field, Form as _,
        settings::ABOUT_MAX,
        username::{USERNAME_MAX, USERNAME_MIN},
    },
    model::account::AccountSettings,
    pages::{guard::MembersOnly, problem::Problem},
    viewer::ViewerContext,
};

/// The form with what others see of one, and the address.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Settings />
        </MembersOnly>
    }
}

#[component]
fn Settings() -> impl IntoView {
    let settings = Resource::new(|| (), |()| read_settings());
    view! {
        <AccountNav />
        <Transition>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok(current) => view! { <Fields current settings /> }.into_any(),
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Fields(current: AccountSettings, settings: Resource<Result<AccountSettings, AppError>>) -> impl IntoView {
    let action = ServerAction::<ChangeProfile>::new();
    let (flash, viewer) = (use_context::<FlashContext>(), use_context::<ViewerContext>());
    let on_done = Callback::new(move |()| {
        flash.inspect(|flash| flash.check());
        viewer.inspect(|viewer| viewer.resource.refetch());
        settings.refetch();
    });
    let username = format!(
        "{USERNAME_MIN} to {USERNAME_MAX} characters: a–z, 0–9, “-” and “_”, the first a letter or digit. With it, your page's address changes."
    );
    let about = format!("At most {ABOUT_MAX} characters, shown on your page.");
    let waiting = current
        .new_email
        .clone()
        .or_else(|| (!current.is_confirmed).then(|| current.email.clone()));
    view! {
        {waiting.map(|email| view! { <Unconfirmed email /> })}
        <Form action on_done check=|input| input.form.validate().map(drop) heading="Profile" submit="Save profile">
            <TextField field=Field::Username autocomplete="username" value=current.username hint=username />
            <TextArea field=Field::About rows=3 value=current.about hint=about optional=true />
            <TextField
                field=Field::Email
                kind="email"
                autocomplete="email"
                value=current.email
                hint="Only you see it. Another address is used when you have confirmed it."
            />
            <TextField
                field=Field::CurrentPassword
                kind="password"
                autocomplete="current-password"
                hint="Needed only to change the address."
                optional=true
            />
        </Form>
    }
}

/// The address that waits, and a button for whoever has lost the mail.
#[component]
fn Unconfirmed(email: String) -> impl IntoView {
    let action = ServerAction::<SendConfirmation>::new();
    let problem = on_answer(action, || ());
    view! {
        <section class="notice" aria-label="Unconfirmed address">
            <p>"Not confirmed yet: " <strong>{email}</strong> ". We have sent a link there."</p>
            <PostButton action label="Send it once more" />
            <p role="alert">{move || problem.get().map(|error| error.advice())}</p>
        </section>
    }
}
