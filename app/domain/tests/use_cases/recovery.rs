//! Tests of choosing a new password without the old one.

use domain::{
    accounts::{recovery, session},
    platform::entity::token,
};
use sea_orm::EntityTrait;
use shared::{
    error::AppError,
    forms::{Email, Field, FieldErrors, FieldProblem, Form, Secret},
};
use time::Duration;

use crate::site::{Mail, Site, login};

const NEW: &str = "an entirely new password";

async fn ask(site: &Site, email: &str) -> Result<(), AppError> {
    recovery::request(&site.visitor(), &Email::parse(email).unwrap()).await
}

/// Returns a site with the user ada, and the mail that she has requested.
async fn asked() -> (Site, Mail) {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    ask(&site, "ada@example.org").await.unwrap();
    let mail = site.mail().await;
    (site, mail)
}

/// Sets a new password with `token`. Returns the result.
async fn reset(site: &Site, token: &Secret) -> Result<(), AppError> {
    let scope = site.visitor();
    recovery::follow(&scope, token).await?;
    recovery::reset(&scope, Secret::from(NEW)).await
}

async fn can_log_in(site: &Site, password: &str) -> bool {
    let mut form = login("ada");
    form.password = password.into();
    session::log_in(&site.visitor(), form.validate().unwrap())
        .await
        .is_ok()
}

#[tokio::test]
async fn who_has_forgotten_their_password_gets_a_link_and_chooses_another() {
    let (site, mail) = asked().await;
    assert_eq!(mail.to, "ada@example.org");
    assert_eq!(mail.subject, "Choose a new password for Broadsheet");
    assert!(mail.text.contains("Hello ada,") && mail.text.contains("ignore this email"));

    reset(&site, &mail.token()).await.unwrap();
    assert!(can_log_in(&site, NEW).await);
    assert!(!can_log_in(&site, "ada-secret!").await);
    assert_eq!(
        site.mail().await.subject,
        "Your password for Broadsheet was changed"
    );
}

#[tokio::test]
async fn an_address_without_an_account_is_answered_the_same_and_gets_no_mail() {
    let site = Site::new().await;
    assert_eq!(ask(&site, "nobody@example.org").await, Ok(()));
    assert_eq!(site.mails().await, []);
}

#[tokio::test]
async fn the_mail_goes_to_the_address_as_its_owner_writes_it() {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    ask(&site, "ADA@Example.ORG").await.unwrap();
    assert_eq!(site.mail().await.to, "ada@example.org");
}

// AUT-08
#[tokio::test]
async fn following_a_link_uses_nothing_up() {
    let (site, mail) = asked().await;
    for _ in 0..3 {
        recovery::follow(&site.visitor(), &mail.token()).await.unwrap();
    }
    assert_eq!(reset(&site, &mail.token()).await, Ok(()));
}

// AUT-06
#[tokio::test]
async fn of_many_who_come_with_one_token_at_once_one_succeeds() {
    let (site, mail) = asked().await;
    let attempts: Vec<_> = (0..20)
        .map(|_| {
            let (scope, token) = (site.visitor(), mail.token());
            tokio::spawn(async move {
                recovery::follow(&scope, &token).await?;
                recovery::reset(&scope, Secret::from(NEW)).await
            })
        })
        .collect();
    let mut changed = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(()) => changed += 1,
            Err(error) => assert_eq!(error, AppError::BadToken),
        }
    }
    assert_eq!(changed, 1);
    assert_eq!(reset(&site, &mail.token()).await, Err(AppError::BadToken));
}

// AUT-07
#[tokio::test]
async fn a_token_is_good_for_30_minutes() {
    let (site, mail) = asked().await;
    site.state.clock.advance(Duration::seconds(29 * 60));
    assert!(recovery::follow(&site.visitor(), &mail.token()).await.is_ok());
    site.state.clock.advance(Duration::minutes(1));
    assert_eq!(reset(&site, &mail.token()).await, Err(AppError::BadToken));
}

#[tokio::test]
async fn a_newer_request_makes_the_older_link_useless() {
    let (site, old) = asked().await;
    ask(&site, "ada@example.org").await.unwrap();
    let new = site.mail().await;
    assert_eq!(reset(&site, &old.token()).await, Err(AppError::BadToken));
    assert_eq!(reset(&site, &new.token()).await, Ok(()));
}

#[tokio::test]
async fn a_change_of_password_makes_the_link_useless() {
    use domain::accounts::settings;
    use shared::forms::settings::NewPassword;

    let (site, mail) = asked().await;
    let scope = site.signed_in("ada").await;
    let viewer = scope.require_viewer().await.unwrap();
    let change = NewPassword {
        current: Secret::from("ada-secret!"),
        new: Secret::from("yet another password"),
    };
    settings::change_password(&scope, &viewer, change).await.unwrap();
    assert_eq!(reset(&site, &mail.token()).await, Err(AppError::BadToken));
}

#[tokio::test]
async fn a_forged_token_and_one_for_another_purpose_are_useless() {
    let site = Site::new().await;
    site.register("ada").await;
    let welcome = site.mail().await;
    for token in [
        Secret::from(""),
        Secret::from("0".repeat(64).as_str()),
        welcome.token(),
    ] {
        assert_eq!(reset(&site, &token).await, Err(AppError::BadToken));
    }
}

// SES-05
#[tokio::test]
async fn a_new_password_ends_every_session() {
    let (site, mail) = asked().await;
    let elsewhere = site.signed_in("ada").await;
    reset(&site, &mail.token()).await.unwrap();
    assert_eq!(site.again(&elsewhere).await.viewer().await.unwrap(), None);
}

#[tokio::test]
async fn a_password_that_others_guess_first_is_refused_and_the_link_stays_good() {
    let (site, mail) = asked().await;
    let scope = site.visitor();
    recovery::follow(&scope, &mail.token()).await.unwrap();
    assert_eq!(
        recovery::reset(&scope, Secret::from("password123")).await,
        Err(AppError::Invalid(FieldErrors::one(
            Field::NewPassword,
            FieldProblem::Common
        )))
    );
    assert_eq!(reset(&site, &mail.token()).await, Ok(()));
}

// AUT-05
#[tokio::test]
async fn the_database_holds_no_token() {
    let site = Site::new().await;
    site.register("ada").await;
    ask(&site, "ada@example.org").await.unwrap();
    // Checks the database before and after the mail has been sent.
    for sent in [false, true] {
        let mails = if sent { site.mails().await } else { Vec::new() };
        let rows = token::Entity::find().all(site.state.db.reader()).await.unwrap();
        assert_eq!(rows.len(), mails.len());
        let stored = site.stored();
        for mail in mails {
            let token = mail.token().expose().as_bytes().to_vec();
            assert_eq!(token.len(), 64, "32 bytes in hexadecimal");
            assert!(!stored.windows(64).any(|window| window == token));
        }
    }
}

#[tokio::test]
async fn a_new_password_ends_the_session_of_the_browser_that_set_it_as_well() {
    let (site, mail) = asked().await;
    let here = site.signed_in("ada").await;
    recovery::follow(&here, &mail.token()).await.unwrap();
    recovery::reset(&here, Secret::from(NEW)).await.unwrap();
    let copy = site.with_session(here.session().unwrap().id(), here.client().unwrap().clone());
    assert_eq!(copy.viewer().await.unwrap(), None);
}

#[tokio::test]
async fn a_request_that_waits_for_its_mail_dies_with_the_old_password() {
    let (site, mail) = asked().await;
    ask(&site, "ada@example.org").await.unwrap();
    reset(&site, &mail.token()).await.unwrap();
    let subjects: Vec<String> = site.mails().await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["Your password for Broadsheet was changed"]);
}

#[tokio::test]
async fn however_often_a_mail_is_tried_it_has_one_token() {
    use domain::{jobs, mail::transport::Mailer};

    let mut site = Site::new().await;
    site.register("ada").await;
    let folder = site.state.mailer.clone();
    site.state.mailer = Mailer::smtp("smtp://127.0.0.1:1", "post@example.org".parse().unwrap()).unwrap();
    ask(&site, "ada@example.org").await.unwrap();
    for _ in 0..5 {
        jobs::worker::run_due(&site.state).await.unwrap();
        site.state.clock.advance(Duration::minutes(10));
    }
    let tokens = token::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert_eq!(
        tokens.len(),
        2,
        "one for the welcome, one for the new password: {tokens:?}"
    );
    site.state.mailer = folder;
    let mail = site.mails().await.remove(0);
    assert_eq!(mail.subject, "Choose a new password for Broadsheet");
    assert_eq!(reset(&site, &mail.token()).await, Ok(()));
}

#[tokio::test]
async fn an_older_mail_that_comes_late_brings_no_link_and_leaves_the_newer_one_good() {
    use domain::{
        jobs,
        mail::transport::Mailer,
        platform::entity::{job, job_state::JobState},
    };
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};

    let mut site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let folder = site.state.mailer.clone();
    site.state.mailer = Mailer::smtp("smtp://127.0.0.1:1", "post@example.org".parse().unwrap()).unwrap();
    ask(&site, "ada@example.org").await.unwrap();
    jobs::worker::run_due(&site.state).await.unwrap();
    let mut late = job::Entity::find()
        .filter(job::Column::State.eq(JobState::Waiting))
        .one(site.state.db.reader())
        .await
        .unwrap()
        .unwrap()
        .into_active_model();
    late.due_at = Set(site.state.clock.now() + Duration::minutes(5));
    late.update(site.state.db.writer()).await.unwrap();

    site.state.mailer = folder;
    ask(&site, "ada@example.org").await.unwrap();
    let newer = site.mail().await;
    site.state.clock.advance(Duration::minutes(6));
    assert_eq!(site.mails().await, []);
    assert_eq!(reset(&site, &newer.token()).await, Ok(()));
}
