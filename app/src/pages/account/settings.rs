//! Changing the profile.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::settings::{ChangeProfile, KeepAddress, SendConfirmation, read_settings},
    components::{
        flash_message::FlashContext,
        form::Form,
        form_section::FormSection,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AccountNav,
        text_area::TextArea,
        text_field::TextField,
        timestamp::Timestamp,
    },
    pages::{guard::MembersOnly, loaded::Loaded},
    resource::{PageResource, load},
    type_erasure::RepeatedChildren,
    viewer::ViewerContext,
};
use shared::{
    forms::{
        Field, Form as _,
        display_name::DISPLAY_NAME_MAX,
        settings::{ABOUT_MAX, BIOGRAPHY_MAX, LOCATION_MAX, PRONOUNS_MAX},
        username::{USERNAME_MAX, USERNAME_MIN},
        web_address::LINKS_MAX,
    },
    model::{
        account::{AccountSettings, Freeze},
        trust::{
            FIRST_DAY_COMMENTS, NEW_LINKS, REGULAR_AFTER, REGULAR_PEOPLE, REGULAR_REPLIES, Standing,
            TRUSTED_COMMENTS, TrustLevel,
        },
    },
};

/// The form with the names, the profile and the address.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Settings />
        </MembersOnly>
    }
}

#[component]
fn Settings() -> impl IntoView {
    let settings = load(|| (), |()| read_settings());
    view! {
        <AccountNav />
        <Loaded
            resource=settings
            rejected=RepeatedChildren::to_children(move || {
                view! { <Fields current=AccountSettings::default() settings /> }
            })
            let:current
        >
            <Fields current settings />
        </Loaded>
    }
}

/// Until when and why the account is frozen.
#[component]
fn OwnFreeze(freeze: Freeze) -> impl IntoView {
    view! {
        <div class="notice">
            <p>
                "Your account is frozen until " <Timestamp at=freeze.until />
                ". Until then you can read, save drafts and delete what you have written. Reason: " {freeze.reason}
            </p>
            <p>"If you think this is wrong, reply to the email we sent you about it."</p>
        </div>
    }
}

/// How much the site trusts the account, what that means, and what raises it.
#[component]
fn OwnStanding(standing: Standing) -> impl IntoView {
    let (meaning, next) = match standing.level {
        TrustLevel::New => (
            format!(
                "Links in what you publish are shown as text. A text with more than {NEW_LINKS} links, the comments after the first {FIRST_DAY_COMMENTS} on your first day, and what looks like spam wait for a moderator."
            ),
            Some(format!(
                "This ends when a moderator approves one of your texts, or when your email address is confirmed, a day has passed, and you have published a post or {TRUSTED_COMMENTS} comments."
            )),
        ),
        TrustLevel::Trusted => (
            "Your links work. Only a text that somebody else has sent too, or that a program seems to have sent, waits for a moderator."
                .to_owned(),
            Some(format!(
                "You become a regular after {} days, with {REGULAR_REPLIES} replies by {REGULAR_PEOPLE} people.",
                REGULAR_AFTER.whole_days(),
            )),
        ),
        TrustLevel::Regular => ("Nothing that you publish waits for a moderator.".to_owned(), None),
    };
    view! {
        <details class="standing" id="trust">
            <summary>
                "Trust: " {standing.level.label()} " ("
                {format!("level {} of 2", standing.level.number())} ")"
            </summary>
            <p>"Your account has this level because " {standing.reason.words()} ". " {meaning}</p>
            {next.map(|next| view! { <p>{next}</p> })}
        </details>
    }
}

#[component]
fn Fields(current: AccountSettings, settings: PageResource<AccountSettings>) -> impl IntoView {
    let action = ServerAction::<ChangeProfile>::new();
    let (flash, viewer) = (use_context::<FlashContext>(), use_context::<ViewerContext>());
    let on_done = Callback::new(move |()| {
        flash.inspect(|flash| flash.check());
        viewer.inspect(|viewer| viewer.resource.refetch());
        settings.refetch();
    });
    let username = format!(
        "{USERNAME_MIN} to {USERNAME_MAX} characters: a–z, 0–9, “-” and “_”, starting with a letter or digit. If you change it, your page's address changes too."
    );
    let display_name = format!(
        "Shown with your posts and on your page. At most {DISPLAY_NAME_MAX} characters. Without one, your username is shown."
    );
    let about = format!("At most {ABOUT_MAX} characters, shown on your page and in the list of writers.");
    let biography = format!("Shown on your page. At most {BIOGRAPHY_MAX} characters, with Markdown.");
    let links = format!("Your pages elsewhere, one address on each line. At most {LINKS_MAX}.");
    let details = current.details;
    let waiting = match &current.new_email {
        Some(new) => Some((new.clone(), true)),
        None if current.is_confirmed || current.email.is_empty() => None,
        None => Some((current.email.clone(), false)),
    };
    view! {
        {current.freeze.map(|freeze| view! { <OwnFreeze freeze /> })}
        {current.standing.map(|standing| view! { <OwnStanding standing /> })}
        {waiting.map(|(email, replaces)| view! { <Unconfirmed email replaces settings /> })}
        <Form action on_done check=|input| input.form.validate().map(drop) heading="Profile" submit="Save profile">
            <FormSection legend="Name">
                <TextField field=Field::Username autocomplete="username" value=current.username hint=username />
                <TextField
                    field=Field::DisplayName
                    value=details.display_name.unwrap_or_default()
                    hint=display_name
                    optional=true
                />
                <TextField
                    field=Field::Pronouns
                    value=details.pronouns
                    hint=format!("At most {PRONOUNS_MAX} characters.")
                    optional=true
                />
            </FormSection>
            <FormSection legend="About you">
                <TextArea field=Field::About rows=3 value=current.about hint=about optional=true />
                <TextArea field=Field::Biography rows=6 value=current.biography hint=biography optional=true />
                <TextField
                    field=Field::Location
                    value=details.location
                    hint=format!("At most {LOCATION_MAX} characters.")
                    optional=true
                />
                <TextField field=Field::Website kind="url" autocomplete="url" value=details.website optional=true />
                <TextArea field=Field::Links rows=3 value=details.links.join("\n") hint=links optional=true />
            </FormSection>
            <FormSection legend="Logging in">
                <TextField
                    field=Field::Email
                    kind="email"
                    autocomplete="email"
                    value=current.email
                    hint="Only you can see it. A new address is used once you confirm it."
                />
                <TextField
                    field=Field::CurrentPassword
                    kind="password"
                    autocomplete="current-password"
                    hint="Only needed to change your email address."
                    optional=true
                />
            </FormSection>
        </Form>
    }
}

/// The unconfirmed address, with buttons to send the mail again and to cancel a pending change.
#[component]
fn Unconfirmed(email: String, replaces: bool, settings: PageResource<AccountSettings>) -> impl IntoView {
    let (again, keep) = (
        ServerAction::<SendConfirmation>::new(),
        ServerAction::<KeepAddress>::new(),
    );
    let problem = RwSignal::new(None);
    on_answer(again, problem, || ());
    on_answer(keep, problem, move || settings.refetch());
    view! {
        <section class="notice" aria-label="Unconfirmed address">
            <p>"Not confirmed yet: " <strong>{email}</strong> ". We have sent it a link."</p>
            <div class="notice-actions">
                <PostButton action=again label="Send another link" />
                {replaces.then(|| view! { <PostButton action=keep label="Keep the old address" /> })}
            </div>
            <ActionProblem problem />
        </section>
    }
}
