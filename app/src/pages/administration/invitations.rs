//! Invitations.

use leptos::prelude::*;

use crate::{
    api::invitation::{Invite, RevokeInvitation, list_invitations},
    components::{
        choices::Choices,
        flash_message::FlashContext,
        form::Form,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AdminNav,
        text_field::TextField,
        timestamp::Timestamp,
    },
    pages::{guard::AdministratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    forms::{
        Field, Form as _,
        invitation::{DAYS_DEFAULT, DAYS_MAX, ROLE_DAYS, USES_MAX},
    },
    model::{
        account::Role,
        invitation::{Invitation, Invitee, SHOWN_MAX},
    },
    paths,
};

/// The form to invite people, the open invitations, and who has accepted one.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <Invitations />
        </AdministratorsOnly>
    }
}

#[component]
fn Invitations() -> impl IntoView {
    let (invite, revoke) = (
        ServerAction::<Invite>::new(),
        ServerAction::<RevokeInvitation>::new(),
    );
    let invitations = load(move || revoke.version().get(), |_| list_invitations());
    let problem = RwSignal::new(None);
    on_answer(revoke, problem, || {});
    let flash = use_context::<FlashContext>();
    let on_done = Callback::new(move |()| {
        flash.inspect(|flash| flash.check());
        invitations.refetch();
    });
    view! {
        <Form action=invite on_done check=|input| input.form.validate().map(drop) heading="Invitations" submit="Invite">
            <Fields />
        </Form>
        <ActionProblem problem />
        <Loaded resource=invitations let:invitations>
            <Open invitations=invitations.open revoke />
            <Accepted people=invitations.accepted />
        </Loaded>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let roles = Role::ALL.map(|role| (role.name(), role.label())).to_vec();
    let role = format!(
        "An invitation of a moderator or an administrator needs an email address, is for one person, and works for {} hours.",
        ROLE_DAYS * 24
    );
    view! {
        <Choices field=Field::Role choices=roles value=Role::Member.name().to_owned() hint=Some(role) />
        <TextField
            field=Field::Email
            kind="email"
            autocomplete="off"
            hint="If you enter one, we send the link there, and only this address can register. Otherwise you get a link to pass on."
            optional=true
        />
        <TextField
            field=Field::Uses
            autocomplete="off"
            value="1"
            hint=format!("How many people can register with a link that you pass on: 1 to {USES_MAX}.")
            optional=true
        />
        <TextField
            field=Field::Days
            autocomplete="off"
            value=DAYS_DEFAULT.to_string()
            hint=format!("1 to {DAYS_MAX}.")
            optional=true
        />
    }
}

#[component]
fn Open(invitations: Vec<Invitation>, revoke: ServerAction<RevokeInvitation>) -> impl IntoView {
    let is_empty = invitations.is_empty();
    let is_full = invitations.len() as u64 == SHOWN_MAX;
    let rows = invitations
        .into_iter()
        .map(|invitation| view! { <Row invitation revoke /> })
        .collect_view();
    view! {
        <section class="moderation">
            <h2>"Open invitations"</h2>
            {is_empty.then(|| view! { <p>"No open invitations."</p> })}
            <ul class="rows">{rows}</ul>
            {is_full.then(|| view! { <p>"These are the latest " {SHOWN_MAX} "."</p> })}
        </section>
    }
}

#[component]
fn Row(invitation: Invitation, revoke: ServerAction<RevokeInvitation>) -> impl IntoView {
    let role = invitation.role.label();
    let recipient = match (&invitation.email, invitation.uses_left) {
        (Some(email), _) => email.clone(),
        (None, 1) => "one person".to_owned(),
        (None, uses) => format!("{uses} people"),
    };
    let title = format!("{role}: {recipient}");
    let description = format!("Revoke the invitation “{title}”");
    let inviter = match invitation.inviter {
        Some(inviter) => view! { <a href=paths::user(&inviter)>{inviter.clone()}</a> }.erased(),
        None => "the command line".erased(),
    };
    view! {
        <li class="row">
            <div>
                <p class="row-title">{title}</p>
                {invitation
                    .link
                    .map(|link| view! { <p class="invitation-link"><code>{link}</code></p> })}
                <p class="row-facts">
                    "By " {inviter} " · until " <Timestamp at=invitation.expires_at minutes=true />
                </p>
            </div>
            <PostButton action=revoke label="Revoke" description field=("id", invitation.id.to_string()) />
        </li>
    }
}

#[component]
fn Accepted(people: Vec<Invitee>) -> impl IntoView {
    let is_full = people.len() as u64 == SHOWN_MAX;
    let is_empty = people.is_empty();
    let rows = people
        .into_iter()
        .map(|person| {
            view! {
                <li class="row">
                    <p>
                        <a href=paths::user(&person.username)>{person.username.clone()}</a>
                        ", invited by "
                        <a href=paths::user(&person.inviter)>{person.inviter.clone()}</a>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="moderation">
            <h2>"Invited people"</h2>
            {is_empty.then(|| view! { <p>"Nobody has accepted an invitation yet."</p> })}
            <ul class="rows">{rows}</ul>
            {is_full.then(|| view! { <p>"These are the latest " {SHOWN_MAX} "."</p> })}
        </section>
    }
}
