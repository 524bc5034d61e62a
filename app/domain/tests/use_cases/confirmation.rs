//! Tests of confirming an email address.

use domain::{
    Scope,
    accounts::{
        self, Registered,
        confirmation::{self, Confirmed},
        session,
        settings::{self, Changed},
    },
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, Form, Secret, settings::ProfileForm},
};
use time::Duration;

use crate::site::{Site, login, registration};

async fn confirm(site: &Site, token: &Secret) -> Result<Confirmed, AppError> {
    let scope = site.visitor();
    confirmation::follow(&scope, token).await?;
    confirmation::confirm(&scope, Secret::from("ada-secret!")).await
}

async fn current(scope: &Scope) -> shared::model::account::AccountSettings {
    let viewer = scope.require_viewer().await.unwrap();
    settings::read(scope, &viewer).await.unwrap()
}

async fn move_to(scope: &Scope, email: &str) -> Result<Changed, AppError> {
    let viewer = scope.require_viewer().await.unwrap();
    let form = ProfileForm {
        email: email.to_owned(),
        username: viewer.username.clone(),
        current_password: Secret::from(format!("{}-secret!", viewer.username).as_str()),
        ..ProfileForm::default()
    };
    settings::change_profile(scope, &viewer, form.validate().unwrap()).await
}

#[tokio::test]
async fn the_welcome_mail_confirms_the_address_and_the_account_works_before() {
    let site = Site::new().await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    assert!(!current(&ada).await.is_confirmed);

    let mail = site.mail().await;
    assert_eq!(mail.subject, "Welcome to Broadsheet: confirm your email address");
    let scope = site.visitor();
    confirmation::follow(&scope, &mail.token()).await.unwrap();
    assert_eq!(
        confirmation::pending(&scope).await.unwrap().email,
        "ada@example.org"
    );
    assert!(
        !current(&ada).await.is_confirmed,
        "following the link alone changes nothing"
    );
    assert_eq!(
        confirmation::confirm(&scope, Secret::from("ada-secret!")).await,
        Ok(Confirmed::Address)
    );
    assert!(current(&ada).await.is_confirmed);
    assert_eq!(confirm(&site, &mail.token()).await, Err(AppError::BadToken));
}

// AUT-07
#[tokio::test]
async fn a_link_to_confirm_is_good_for_a_week() {
    let site = Site::new().await;
    site.register("ada").await;
    let mail = site.mail().await;
    site.state.clock.advance(Duration::days(7));
    assert_eq!(confirm(&site, &mail.token()).await, Err(AppError::BadToken));
}

// AUT-10
#[tokio::test]
async fn another_address_is_used_when_it_is_confirmed_and_the_old_one_is_told() {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let ada = site.signed_in("ada").await;
    assert_eq!(move_to(&ada, "ada@new.example").await, Ok(Changed::CheckMail));
    let settings = current(&ada).await;
    assert_eq!(settings.email, "ada@example.org");
    assert_eq!(settings.new_email.as_deref(), Some("ada@new.example"));

    let mail = site.mail().await;
    assert_eq!(mail.to, "ada@new.example");
    assert_eq!(confirm(&site, &mail.token()).await, Ok(Confirmed::Address));
    let settings = current(&ada).await;
    assert_eq!(settings.email, "ada@new.example");
    assert!(settings.is_confirmed && settings.new_email.is_none());
    let told = site.mail().await;
    assert_eq!(told.to, "ada@example.org");
    assert!(told.text.contains("ada@new.example"));

    let mut form = login("ada");
    form.login = "ada@new.example".to_owned();
    assert!(
        session::log_in(&site.visitor(), form.validate().unwrap())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_change_of_address_makes_older_links_useless() {
    use domain::accounts::recovery;
    use shared::forms::Email;

    let site = Site::new().await;
    site.register("ada").await;
    let welcome = site.mail().await;
    recovery::request(&site.visitor(), &Email::parse("ada@example.org").unwrap())
        .await
        .unwrap();
    let reset = site.mail().await;
    let ada = site.signed_in("ada").await;
    move_to(&ada, "ada@new.example").await.unwrap();
    confirm(&site, &site.mail().await.token()).await.unwrap();

    assert_eq!(confirm(&site, &welcome.token()).await, Err(AppError::BadToken));
    assert_eq!(
        recovery::follow(&site.visitor(), &reset.token()).await,
        Err(AppError::BadToken)
    );
}

#[tokio::test]
async fn who_wants_a_taken_address_learns_nothing_and_its_owner_is_told() {
    let site = Site::new().await;
    site.register("ada").await;
    site.register("grace").await;
    site.mails().await;
    let grace = site.signed_in("grace").await;
    assert_eq!(move_to(&grace, "ADA@example.org").await, Ok(Changed::CheckMail));
    let mail = site.mail().await;
    assert_eq!(mail.to, "ada@example.org");
    assert_eq!(mail.subject, "You have an account on Broadsheet");
    assert!(mail.text.contains("Hello ada,") && !mail.text.contains("grace"));
}

#[tokio::test]
async fn of_two_who_want_one_address_who_confirms_first_has_it() {
    let site = Site::new().await;
    for name in ["ada", "grace"] {
        site.register(name).await;
    }
    site.mails().await;
    let mut tokens = Vec::new();
    for name in ["ada", "grace"] {
        let scope = site.signed_in(name).await;
        move_to(&scope, "both@example.org").await.unwrap();
        tokens.push(site.mail().await.token());
    }
    assert_eq!(confirm(&site, &tokens[0]).await, Ok(Confirmed::Address));
    assert_eq!(confirm(&site, &tokens[1]).await, Err(AppError::BadToken));
    assert_eq!(
        current(&site.signed_in("grace").await).await.email,
        "grace@example.org"
    );
}

#[tokio::test]
async fn the_link_is_sent_once_more_to_who_asks() {
    let site = Site::new().await;
    site.register("ada").await;
    let first = site.mail().await;
    let ada = site.signed_in("ada").await;
    let viewer = ada.require_viewer().await.unwrap();
    confirmation::send_again(&ada, &viewer).await.unwrap();
    assert_eq!(
        confirm(&site, &site.mail().await.token()).await,
        Ok(Confirmed::Address)
    );
    // A confirmed address needs no further mail.
    confirmation::send_again(&ada, &viewer).await.unwrap();
    assert_eq!(site.mails().await, []);
    // The first link still confirms the same address.
    assert_eq!(confirm(&site, &first.token()).await, Ok(Confirmed::Address));
}

#[tokio::test]
async fn on_a_private_site_an_account_is_made_when_its_address_is_confirmed() {
    let site = Site::private().await;
    let form = registration("ada").validate().unwrap();
    assert_eq!(
        accounts::register(&site.visitor(), form).await,
        Ok(Registered::CheckMail)
    );
    let attempt = || async { session::log_in(&site.visitor(), login("ada").validate().unwrap()).await };
    assert_eq!(attempt().await, Err(AppError::BadCredentials));

    let mail = site.mail().await;
    assert_eq!(mail.subject, "Finish your registration at Broadsheet");
    assert_eq!(confirm(&site, &mail.token()).await, Ok(Confirmed::Account));
    assert_eq!(attempt().await, Ok(()));
    assert!(current(&site.signed_in("ada").await).await.is_confirmed);
}

#[tokio::test]
async fn on_a_private_site_a_taken_address_is_answered_the_same_and_its_owner_is_told() {
    let site = Site::private().await;
    accounts::register(&site.visitor(), registration("ada").validate().unwrap())
        .await
        .unwrap();
    confirm(&site, &site.mail().await.token()).await.unwrap();

    let mut form = registration("grace");
    form.email = "ada@example.org".to_owned();
    assert_eq!(
        accounts::register(&site.visitor(), form.validate().unwrap()).await,
        Ok(Registered::CheckMail)
    );
    let mail = site.mail().await;
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("ada@example.org", "You have an account on Broadsheet")
    );
}

#[tokio::test]
async fn of_two_who_want_one_name_on_a_private_site_who_confirms_first_has_it() {
    let site = Site::private().await;
    let mut tokens = Vec::new();
    for email in ["one@example.org", "two@example.org"] {
        let mut form = registration("ada");
        form.email = email.to_owned();
        accounts::register(&site.visitor(), form.validate().unwrap())
            .await
            .unwrap();
        tokens.push(site.mail().await.token());
    }
    assert_eq!(confirm(&site, &tokens[0]).await, Ok(Confirmed::Account));
    let taken = AppError::Invalid(FieldErrors::one(Field::Username, FieldProblem::Taken));
    assert_eq!(confirm(&site, &tokens[1]).await, Err(taken));
}

#[tokio::test]
async fn an_address_that_waits_is_kept_waiting_by_other_changes_and_given_up_on_demand() {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let ada = site.signed_in("ada").await;
    let viewer = ada.require_viewer().await.unwrap();
    move_to(&ada, "ada@new.example").await.unwrap();
    let mail = site.mail().await;
    assert_eq!(move_to(&ada, "ada@example.org").await, Ok(Changed::All));
    assert_eq!(current(&ada).await.new_email.as_deref(), Some("ada@new.example"));

    confirmation::give_up(&ada, &viewer).await.unwrap();
    assert_eq!(current(&ada).await.new_email, None);
    assert_eq!(confirm(&site, &mail.token()).await, Err(AppError::BadToken));
    assert_eq!(current(&ada).await.email, "ada@example.org");
}

#[tokio::test]
async fn who_confirms_their_address_gets_no_account_with_somebody_elses_password() {
    let site = Site::private().await;
    let mut form = registration("ada");
    form.password = "a password of mallory".into();
    form.confirm_password = "a password of mallory".into();
    accounts::register(&site.visitor(), form.validate().unwrap())
        .await
        .unwrap();
    let scope = site.visitor();
    confirmation::follow(&scope, &site.mail().await.token())
        .await
        .unwrap();
    assert!(confirmation::pending(&scope).await.unwrap().is_new);
    for (given, problem) in [("ada-secret!", FieldProblem::Wrong), ("", FieldProblem::Required)] {
        assert_eq!(
            confirmation::confirm(&scope, Secret::from(given)).await,
            Err(AppError::Invalid(FieldErrors::one(Field::Password, problem)))
        );
    }
}

#[tokio::test]
async fn a_new_password_forgets_the_address_that_somebody_else_may_have_asked_for() {
    use shared::forms::settings::NewPassword;

    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let thief = site.signed_in("ada").await;
    move_to(&thief, "thief@example.org").await.unwrap();
    let mail = site.mail().await;
    let ada = site.signed_in("ada").await;
    let viewer = ada.require_viewer().await.unwrap();
    let change = NewPassword {
        current: Secret::from("ada-secret!"),
        new: Secret::from("an entirely new password"),
    };
    settings::change_password(&ada, &viewer, change).await.unwrap();
    assert_eq!(confirm(&site, &mail.token()).await, Err(AppError::BadToken));
}
