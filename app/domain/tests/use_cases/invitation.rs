//! Tests of invitations.

use domain::{
    Scope,
    accounts::{
        self, Registered, administration, confirmation, deletion,
        invitations::{self, Created, acceptance},
        session,
    },
    administration::settings,
    platform::{
        entity::{invitation, user},
        limit::Limited,
    },
};
use futures::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, Form, Secret, account::RegisterForm, invitation::InviteForm},
    model::{
        account::Role,
        moderation::AuditAction,
        site::{RegistrationMode, Setting},
    },
};
use time::Duration;

use crate::site::{Site, login, registration};

/// Returns a site with this mode of registration and the administrator grace, who is logged in.
async fn site_with(mode: RegistrationMode) -> (Site, Scope) {
    let site = Site::with(mode, Limited::unlimited()).await;
    let account = registration("grace").validate().unwrap();
    administration::add(&site.command_line(), account, Role::Administrator, None)
        .await
        .unwrap();
    let grace = site.signed_in("grace").await;
    (site, grace)
}

async fn promote(site: &Site, name: &str, role: Role) {
    administration::set_role(&site.command_line(), name, role)
        .await
        .unwrap();
}

fn members(uses: &str) -> InviteForm {
    InviteForm {
        uses: uses.to_owned(),
        ..InviteForm::default()
    }
}

fn somebody(role: &str, email: &str) -> InviteForm {
    InviteForm {
        role: role.to_owned(),
        email: email.to_owned(),
        ..InviteForm::default()
    }
}

async fn invite(scope: &Scope, form: InviteForm) -> Result<Created, AppError> {
    invitations::create(scope, form.validate().unwrap()).await
}

/// Returns the token of a new invitation of members.
async fn link(scope: &Scope, uses: &str) -> Secret {
    match invite(scope, members(uses)).await.unwrap() {
        Created::Link(secret) => secret,
        Created::Mailed | Created::Written => panic!("it was mailed"),
    }
}

async fn register(scope: &Scope, form: RegisterForm) -> Result<Registered, AppError> {
    acceptance::register(scope, form.validate().unwrap()).await
}

/// Follows the link with this token and registers.
async fn accept(site: &Site, token: &Secret, username: &str) -> Result<Registered, AppError> {
    let scope = site.visitor();
    acceptance::follow(&scope, token).await?;
    register(&scope, registration(username)).await
}

async fn person(site: &Site, name: &str) -> user::Model {
    administration::find(&site.command_line(), name).await.unwrap()
}

#[tokio::test]
async fn somebody_registers_with_an_invitation_where_others_cannot() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let refused = accounts::register(&site.visitor(), registration("ada").validate().unwrap()).await;
    assert_eq!(refused, Err(AppError::InvitationRequired));

    let token = link(&grace, "2").await;
    let scope = site.visitor();
    for _ in 0..3 {
        acceptance::follow(&scope, &token).await.unwrap();
    }
    let offer = acceptance::check(&scope).await.unwrap();
    assert_eq!(
        (offer.role, offer.inviter.as_deref()),
        (Role::Member, Some("grace"))
    );
    assert_eq!(
        register(&scope, registration("ada")).await,
        Ok(Registered::Account)
    );
    assert!(person(&site, "ada").await.email_confirmed_at.is_none());
    assert_eq!(
        site.mail().await.to,
        "ada@example.org",
        "the address is not proven"
    );

    assert_eq!(accept(&site, &token, "bob").await, Ok(Registered::Account));
    assert_eq!(accept(&site, &token, "eve").await, Err(AppError::BadToken));
    let list = invitations::list(&grace).await.unwrap();
    assert!(list.open.is_empty(), "{list:?}");
    let invited = list
        .accepted
        .iter()
        .map(|row| (row.username.as_str(), row.inviter.as_str()));
    assert_eq!(invited.collect::<Vec<_>>(), [("bob", "grace"), ("ada", "grace")]);
    let log = domain::audit_log::latest(&site.command_line(), 3).await.unwrap();
    let log = log.iter().map(|record| (record.actor.as_str(), record.action));
    assert_eq!(
        log.collect::<Vec<_>>(),
        [
            ("bob", AuditAction::AcceptInvitation),
            ("ada", AuditAction::AcceptInvitation),
            ("grace", AuditAction::Invite)
        ]
    );
}

#[tokio::test]
async fn a_closed_site_refuses_invitations_too_but_not_the_command_line() {
    let (site, grace) = site_with(RegistrationMode::Closed).await;
    let refused = accounts::register(&site.visitor(), registration("ada").validate().unwrap()).await;
    assert_eq!(refused, Err(AppError::RegistrationClosed));
    let token = link(&grace, "1").await;
    assert_eq!(
        accept(&site, &token, "ada").await,
        Err(AppError::RegistrationClosed)
    );
    let account = registration("ada").validate().unwrap();
    administration::add(&site.command_line(), account, Role::Member, None)
        .await
        .unwrap();
}

// AUT-05, SES-02
#[tokio::test]
async fn the_database_holds_no_token_of_an_invitation() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let token = link(&grace, "1").await;
    invite(&grace, somebody("moderator", "ada@example.org"))
        .await
        .unwrap();
    let mailed = site.mail().await.token();
    let stored = site.stored();
    for token in [token, mailed] {
        assert_eq!(token.expose().len(), 64);
        let is_there = stored.windows(64).any(|bytes| bytes == token.expose().as_bytes());
        assert!(!is_there);
    }
}

// AUT-06
#[tokio::test]
async fn an_invitation_that_many_use_at_once_makes_one_account() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let token = link(&grace, "1").await;
    let attempts = (0..10).map(|number| {
        let (scope, token) = (site.visitor(), token.clone());
        tokio::spawn(async move {
            acceptance::follow(&scope, &token).await?;
            register(&scope, registration(&format!("ada{number}"))).await
        })
    });
    let answers: Vec<_> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    let made = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(made, 1, "{answers:?}");
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(Registered::Account) | Err(AppError::BadToken))),
        "{answers:?}"
    );
    let people = user::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert_eq!(people.len(), 2);
}

#[tokio::test]
async fn a_registration_that_fails_uses_nothing_up() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let token = link(&grace, "1").await;
    let refused = accept(&site, &token, "grace").await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    assert_eq!(accept(&site, &token, "ada").await, Ok(Registered::Account));
}

// AUT-07
#[tokio::test]
async fn an_invitation_ends_after_its_days_or_when_it_is_revoked_and_a_forged_one_is_useless() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let token = link(&grace, "1").await;
    let id = invitations::list(&grace).await.unwrap().open[0].id;
    invitations::revoke(&grace, id).await.unwrap();
    assert_eq!(accept(&site, &token, "ada").await, Err(AppError::BadToken));
    assert_eq!(invitations::revoke(&grace, id).await, Err(AppError::NotFound));

    let forged = Secret::from("0".repeat(64).as_str());
    assert_eq!(accept(&site, &forged, "ada").await, Err(AppError::BadToken));
    assert_eq!(
        acceptance::check(&site.visitor()).await,
        Err(AppError::BadToken),
        "without a link"
    );

    let token = link(&grace, "1").await;
    let scope = site.visitor();
    acceptance::follow(&scope, &token).await.unwrap();
    site.state.clock.advance(Duration::days(7));
    let late = register(&scope, registration("ada")).await;
    assert_eq!(late, Err(AppError::BadToken));
    let now = site.state.clock.now();
    let swept = invitations::sweep(site.state.db.writer(), now).await.unwrap();
    assert_eq!(swept, 1);
}

#[tokio::test]
async fn an_invitation_ends_with_the_role_of_its_inviter() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let joan = registration("joan").validate().unwrap();
    administration::add(&site.command_line(), joan, Role::Administrator, None)
        .await
        .unwrap();

    let token = link(&grace, "1").await;
    promote(&site, "grace", Role::Moderator).await;
    assert_eq!(accept(&site, &token, "ada").await, Err(AppError::BadToken));
    promote(&site, "grace", Role::Administrator).await;
    assert_eq!(
        accept(&site, &token, "ada").await,
        Err(AppError::BadToken),
        "it does not come back with the role"
    );

    // Nobody suspends an administrator on the site, but the rule does not depend on that.
    let token = link(&grace, "1").await;
    let suspended = user::ActiveModel {
        id: Set(person(&site, "grace").await.id),
        suspended_because: Set(Some("Spam".to_owned())),
        ..Default::default()
    };
    user::Entity::update(suspended)
        .exec(site.state.db.writer())
        .await
        .unwrap();
    assert_eq!(accept(&site, &token, "ada").await, Err(AppError::BadToken));

    administration::delete(&site.command_line(), "grace")
        .await
        .unwrap();
    assert_eq!(accept(&site, &token, "ada").await, Err(AppError::BadToken));
    let left = invitation::Entity::find()
        .all(site.state.db.reader())
        .await
        .unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn an_invitation_to_a_role_is_mailed_to_one_address_which_it_proves() {
    let (site, grace) = site_with(RegistrationMode::Private).await;
    let created = invite(&grace, somebody("moderator", "Ada@example.org"))
        .await
        .unwrap();
    // The site of the test has no mail server.
    assert!(matches!(created, Created::Written));
    let mail = site.mail().await;
    assert_eq!(mail.to, "Ada@example.org");
    assert_eq!(mail.subject, "Your invitation to Broadsheet");
    assert!(
        mail.text
            .contains("grace has invited you to join Broadsheet as a moderator")
            && mail.text.contains("for 48 hours"),
        "{mail:?}"
    );
    let list = invitations::list(&grace).await.unwrap();
    assert!(list.open[0].link.is_none(), "only the mail has the link");

    let scope = site.visitor();
    acceptance::follow(&scope, &mail.token()).await.unwrap();
    let mut other = registration("ada");
    other.email = "eve@example.org".to_owned();
    assert_eq!(
        register(&scope, other).await,
        Err(FieldErrors::one(Field::Email, FieldProblem::OtherAddress).into())
    );
    // The address is proven, so nothing has to be confirmed on a private site either.
    assert_eq!(
        register(&scope, registration("ada")).await,
        Ok(Registered::ConfirmedAccount)
    );
    let ada = person(&site, "ada").await;
    assert_eq!(ada.role, Role::Moderator);
    assert!(ada.email_confirmed_at.is_some());
    assert_eq!(site.mails().await, [], "nothing to confirm");
    assert_eq!(accept(&site, &mail.token(), "bob").await, Err(AppError::BadToken));

    let taken = invite(&grace, somebody("moderator", "ADA@example.org")).await;
    assert_eq!(
        taken.map(drop),
        Err(FieldErrors::one(Field::Email, FieldProblem::Taken).into())
    );
}

// AUT-07
#[tokio::test]
async fn an_invitation_to_a_role_ends_after_48_hours() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    invite(&grace, somebody("administrator", "ada@example.org"))
        .await
        .unwrap();
    let token = site.mail().await.token();
    site.state.clock.advance(Duration::hours(47));
    acceptance::follow(&site.visitor(), &token).await.unwrap();
    site.state.clock.advance(Duration::hours(1));
    assert_eq!(accept(&site, &token, "ada").await, Err(AppError::BadToken));
}

#[tokio::test]
async fn a_mail_about_an_invitation_that_was_revoked_is_not_sent() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    invite(&grace, somebody("moderator", "ada@example.org"))
        .await
        .unwrap();
    let id = invitations::list(&grace).await.unwrap().open[0].id;
    invitations::revoke(&grace, id).await.unwrap();
    assert_eq!(site.mails().await, []);
}

#[tokio::test]
async fn on_a_private_site_an_invitation_that_was_passed_on_is_used_when_the_address_is_confirmed() {
    let (site, grace) = site_with(RegistrationMode::Private).await;
    let token = link(&grace, "1").await;
    // An address with an account is answered the same, and uses nothing up.
    let mut form = registration("eve");
    form.email = "grace@example.org".to_owned();
    let scope = site.visitor();
    acceptance::follow(&scope, &token).await.unwrap();
    assert_eq!(register(&scope, form).await, Ok(Registered::CheckMail));
    assert_eq!(site.mail().await.subject, "You have an account on Broadsheet");

    let mut mails = Vec::new();
    for name in ["ada", "bob"] {
        assert_eq!(accept(&site, &token, name).await, Ok(Registered::CheckMail));
        mails.push(site.mail().await.token());
    }
    let confirm = async |token: &Secret, name: &str| {
        let scope = site.visitor();
        confirmation::follow(&scope, token).await.unwrap();
        confirmation::confirm(&scope, Secret::from(format!("{name}-secret!").as_str())).await
    };
    confirm(&mails[0], "ada").await.unwrap();
    assert_eq!(confirm(&mails[1], "bob").await, Err(AppError::BadToken));
    let list = invitations::list(&grace).await.unwrap();
    assert_eq!((list.open.len(), list.accepted.len()), (0, 1));
}

#[tokio::test]
async fn only_administrators_and_the_command_line_invite() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    site.register("ada").await;
    site.mails().await;
    assert_eq!(
        invite(&site.visitor(), members("1")).await.map(drop),
        Err(AppError::SignInRequired)
    );
    for role in [Role::Member, Role::Moderator] {
        promote(&site, "ada", role).await;
        let ada = site.signed_in("ada").await;
        assert_eq!(
            invite(&ada, members("1")).await.map(drop),
            Err(AppError::RoleRequired)
        );
        assert_eq!(
            invitations::list(&ada).await.map(drop),
            Err(AppError::RoleRequired)
        );
        assert_eq!(invitations::revoke(&ada, 1).await, Err(AppError::RoleRequired));
    }
    let token = link(&site.command_line(), "1").await;
    let scope = site.visitor();
    acceptance::follow(&scope, &token).await.unwrap();
    assert_eq!(acceptance::check(&scope).await.unwrap().inviter, None);
    register(&scope, registration("bob")).await.unwrap();
    let log = domain::audit_log::latest(&site.command_line(), 1).await.unwrap();
    assert_eq!(log[0].subject, "command line");
    assert!(invitations::list(&grace).await.unwrap().accepted.is_empty());
}

#[tokio::test]
async fn an_administrator_who_loses_the_role_during_a_request_invites_nobody() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    site.register("joan").await;
    promote(&site, "joan", Role::Administrator).await;
    grace.viewer().await.unwrap();
    promote(&site, "grace", Role::Member).await;
    assert_eq!(
        invite(&grace, members("1")).await.map(drop),
        Err(AppError::RoleRequired)
    );
}

#[tokio::test]
async fn one_administrator_invites_so_many_at_a_time() {
    let mut limits = Limited::unlimited();
    limits.invite = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("grace").await;
    promote(&site, "grace", Role::Administrator).await;
    let grace = site.signed_in("grace").await;
    for _ in 0..2 {
        link(&grace, "1").await;
    }
    let refused = invite(&grace, members("1")).await.map(drop);
    assert!(matches!(refused, Err(AppError::Throttled(_))), "{refused:?}");
}

#[tokio::test]
async fn who_was_invited_is_deleted_with_either_of_the_two() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    for name in ["ada", "bob"] {
        let token = link(&grace, "1").await;
        accept(&site, &token, name).await.unwrap();
    }
    let ada = site.visitor();
    session::log_in(&ada, login("ada").validate().unwrap())
        .await
        .unwrap();
    let viewer = ada.require_viewer().await.unwrap();
    deletion::delete(&ada, &viewer, Secret::from("ada-secret!"))
        .await
        .unwrap();
    let accepted = invitations::list(&grace).await.unwrap().accepted;
    assert_eq!(accepted.len(), 1);
}

#[tokio::test]
async fn a_link_that_was_mailed_before_registration_was_closed_creates_no_account() {
    let site = Site::new().await;
    let set_mode = async |mode: RegistrationMode| {
        let value = mode.name().to_owned();
        settings::set(&site.command_line(), Setting::Registration, value)
            .await
            .unwrap();
    };
    set_mode(RegistrationMode::Private).await;
    let account = registration("ada").validate().unwrap();
    accounts::register(&site.visitor(), account).await.unwrap();
    let token = site.mail().await.token();
    let scope = site.visitor();
    confirmation::follow(&scope, &token).await.unwrap();
    for (mode, refused) in [
        (RegistrationMode::Closed, AppError::RegistrationClosed),
        (RegistrationMode::Invited, AppError::InvitationRequired),
    ] {
        set_mode(mode).await;
        let confirmed = confirmation::confirm(&scope, Secret::from("ada-secret!")).await;
        assert_eq!(confirmed, Err(refused));
    }
    let found = administration::find(&site.command_line(), "ada").await;
    assert_eq!(found.map(drop), Err(AppError::NotFound));
    // The link is not used up.
    set_mode(RegistrationMode::Private).await;
    confirmation::confirm(&scope, Secret::from("ada-secret!"))
        .await
        .unwrap();
    person(&site, "ada").await;
}
