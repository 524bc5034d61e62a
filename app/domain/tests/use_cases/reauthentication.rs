//! Tests of entering the password again.

use domain::{
    Scope,
    accounts::{
        administration, invitations,
        reauthentication::{self, SensitiveAct},
        session,
    },
    platform::limit::Limited,
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, Form, Secret, invitation::InviteForm},
    model::{account::Role, site::RegistrationMode},
};
use time::Duration;

use crate::site::{Site, login};

async fn confirm(scope: &Scope, password: &str) -> Result<(), AppError> {
    let viewer = scope.require_viewer().await?;
    reauthentication::confirm(scope, &viewer, Secret::from(password)).await
}

async fn recent(scope: &Scope) -> Result<(), AppError> {
    scope
        .require_recent_authentication(SensitiveAct::ChangeRole)
        .await
}

#[tokio::test]
async fn a_login_counts_for_15_minutes_and_so_does_the_password() {
    let site = Site::new().await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    assert_eq!(recent(&ada).await, Ok(()));
    site.state.clock.advance(Duration::seconds(15 * 60 - 1));
    assert_eq!(recent(&site.again(&ada).await).await, Ok(()));
    site.state.clock.advance(Duration::seconds(1));
    let ada = site.again(&ada).await;
    assert_eq!(recent(&ada).await, Err(AppError::ReauthenticationRequired));

    let wrong = confirm(&ada, "wrong password").await;
    assert_eq!(
        wrong,
        Err(FieldErrors::one(Field::CurrentPassword, FieldProblem::Wrong).into())
    );
    assert_eq!(recent(&ada).await, Err(AppError::ReauthenticationRequired));

    assert_eq!(confirm(&ada, "ada-secret!").await, Ok(()));
    let ada = site.again(&ada).await;
    assert_eq!(recent(&ada).await, Ok(()));
    site.state.clock.advance(Duration::minutes(15));
    assert_eq!(
        recent(&site.again(&ada).await).await,
        Err(AppError::ReauthenticationRequired)
    );
}

// SES-03
#[tokio::test]
async fn the_session_gets_another_id_and_the_old_one_is_useless() {
    let site = Site::new().await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    let (id, client) = (ada.session().unwrap().id(), ada.client().unwrap().clone());
    confirm(&ada, "ada-secret!").await.unwrap();
    assert_ne!(ada.session().unwrap().id(), id);
    let old = site.with_session(id, client);
    assert_eq!(old.viewer().await.unwrap(), None);
    assert_eq!(recent(&old).await, Err(AppError::SignInRequired));
    assert!(site.again(&ada).await.viewer().await.unwrap().is_some());
}

// AVL-06
#[tokio::test]
async fn attempts_are_limited_like_those_to_log_in() {
    let mut limits = Limited::unlimited();
    limits.password = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    for _ in 0..2 {
        assert!(matches!(confirm(&ada, "wrong").await, Err(AppError::Invalid(_))));
    }
    let refused = confirm(&ada, "ada-secret!").await;
    assert!(matches!(refused, Err(AppError::Throttled(_))), "{refused:?}");

    let mut limits = Limited::unlimited();
    limits.login_address = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    assert!(matches!(confirm(&ada, "wrong").await, Err(AppError::Invalid(_))));
    let refused = session::log_in(&site.visitor(), login("ada").validate().unwrap()).await;
    assert!(matches!(refused, Err(AppError::Throttled(_))), "{refused:?}");
}

#[tokio::test]
async fn an_invitation_to_a_role_needs_the_password_and_one_of_members_does_not() {
    let site = Site::new().await;
    site.register("grace").await;
    administration::set_role(&site.command_line(), "grace", Role::Administrator)
        .await
        .unwrap();
    let grace = site.signed_in("grace").await;
    let invite = async |scope: &Scope, role: &str, email: &str| {
        let form = InviteForm {
            role: role.to_owned(),
            email: email.to_owned(),
            ..InviteForm::default()
        };
        let created = invitations::create(scope, form.validate().unwrap()).await;
        created.map(drop)
    };
    assert_eq!(invite(&grace, "moderator", "ada@example.org").await, Ok(()));
    site.state.clock.advance(Duration::minutes(15));
    let grace = site.again(&grace).await;
    assert_eq!(
        invite(&grace, "moderator", "bob@example.org").await,
        Err(AppError::ReauthenticationRequired)
    );
    let open = invitations::list(&grace).await.unwrap().open;
    assert_eq!(open.len(), 1);
    assert_eq!(
        invitations::revoke(&grace, open[0].id).await,
        Err(AppError::ReauthenticationRequired)
    );
    assert_eq!(invite(&grace, "member", "").await, Ok(()));
    let members = invitations::list(&grace).await.unwrap().open[0].id;
    assert_eq!(invitations::revoke(&grace, members).await, Ok(()));
    assert_eq!(
        administration::set_role(&grace, "grace", Role::Member)
            .await
            .map(drop),
        Err(AppError::ReauthenticationRequired)
    );
    // A command has no session, and whoever runs it has the database.
    assert_eq!(
        invite(&site.command_line(), "moderator", "bob@example.org").await,
        Ok(())
    );
}
