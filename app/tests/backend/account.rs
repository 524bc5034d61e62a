//! Register, log in, log out.

use std::time::Duration;

use app::{
    backend::{
        account::{self, recovery},
        entity::user,
    },
    error::AppError,
    forms::{Email, Field, FieldErrors, Form, Problem, Secret},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use tokio::time::timeout;

use crate::site::{Site, login, registration};

#[tokio::test]
async fn who_has_registered_can_log_in_by_name_and_by_address_in_any_case() {
    let site = Site::new().await;
    site.member("ada").await;
    for name in ["ada", "ADA", "ada@example.org", "Ada@Example.ORG", " ada "] {
        let ctx = site.visitor();
        let mut form = login("ada");
        form.login = name.to_owned();
        account::session::log_in(&ctx, form.validate().unwrap())
            .await
            .unwrap();
        assert_eq!(ctx.viewer().await.unwrap().unwrap().username, "ada", "{name:?}");
    }
}

#[tokio::test]
async fn a_name_or_an_address_is_taken_in_any_case() {
    let site = Site::new().await;
    site.member("ada").await;

    let mut name = registration("grace");
    name.username = "ADA".to_owned();
    let refused = account::register(&site.visitor(), name.validate().unwrap()).await;
    assert_eq!(
        refused,
        Err(AppError::Invalid(FieldErrors::one(
            Field::Username,
            Problem::Taken
        )))
    );

    let mut address = registration("grace");
    address.email = "Ada@EXAMPLE.org".to_owned();
    let refused = account::register(&site.visitor(), address.validate().unwrap()).await;
    assert_eq!(
        refused,
        Err(AppError::Invalid(FieldErrors::one(Field::Email, Problem::Taken)))
    );
}

#[tokio::test]
async fn a_taken_name_and_a_taken_address_are_told_at_once() {
    let site = Site::new().await;
    site.member("ada").await;
    let refused = account::register(&site.visitor(), registration("ada").validate().unwrap()).await;
    let Err(AppError::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let fields: Vec<_> = errors.iter().map(|error| (error.field, error.problem)).collect();
    assert_eq!(
        fields,
        [(Field::Username, Problem::Taken), (Field::Email, Problem::Taken)]
    );
}

// NAM-01
#[tokio::test]
async fn of_many_who_want_one_name_at_once_one_gets_it_and_the_others_are_told() {
    let site = Site::new().await;
    let attempts = (0..100).map(|number| {
        let ctx = site.visitor();
        let mut form = registration("ada");
        form.email = format!("ada{number}@example.org");
        tokio::spawn(async move { account::register(&ctx, form.validate().unwrap()).await })
    });
    let mut registered = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => registered += 1,
            Err(error) => {
                assert_eq!(
                    error,
                    AppError::Invalid(FieldErrors::one(Field::Username, Problem::Taken))
                );
            }
        }
    }
    assert_eq!(registered, 1);
}

#[tokio::test]
async fn a_failed_login_says_the_same_whatever_was_wrong_and_signs_nobody_in() {
    let site = Site::new().await;
    site.member("ada").await;
    let mut wrong = login("ada");
    wrong.password = "not her password".into();
    for form in [wrong, login("nobody"), login("nobody@example.org")] {
        let ctx = site.visitor();
        assert_eq!(
            account::session::log_in(&ctx, form.validate().unwrap()).await,
            Err(AppError::BadCredentials)
        );
        assert_eq!(ctx.viewer().await.unwrap(), None);
    }
}

#[tokio::test]
async fn after_logging_out_the_session_is_nobodys() {
    let site = Site::new().await;
    site.member("ada").await;
    let ctx = site.visitor();
    account::session::log_in(&ctx, login("ada").validate().unwrap())
        .await
        .unwrap();
    let next = site.again(&ctx).await;
    assert!(next.viewer().await.unwrap().is_some());

    let old = next.session.id();
    account::session::log_out(&next).await.unwrap();
    let stolen = site.with_session(old, site.visitor().visitor);
    assert_eq!(stolen.viewer().await.unwrap(), None);
}

// SES-03
#[tokio::test]
async fn logging_in_changes_the_sessions_id() {
    let site = Site::new().await;
    site.member("ada").await;
    let planted = site.visitor();
    planted.session.insert("anything", 1).await.unwrap();
    let ctx = site.again(&planted).await;
    let before = ctx.session.id();
    account::session::log_in(&ctx, login("ada").validate().unwrap())
        .await
        .unwrap();
    let after = site.again(&ctx).await;
    assert_ne!(before, after.session.id());
    assert!(after.viewer().await.unwrap().is_some());
    let planted = site.with_session(before, site.visitor().visitor);
    assert_eq!(planted.viewer().await.unwrap(), None);
}

#[tokio::test]
async fn a_stolen_table_holds_no_password_and_its_debug_output_no_hash() {
    let site = Site::new().await;
    site.member("ada").await;
    let row = user::Entity::find()
        .one(site.state.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert!(row.password_hash.0.starts_with("$argon2id$"));
    assert!(!format!("{row:?}").contains("argon2id"));
}

// AUT-01
#[tokio::test]
async fn passwords_that_others_guess_first_are_refused() {
    let site = Site::new().await;
    for bad in ["password123", "Grace-Hopper", "Grace-Hopper@example.org"] {
        let mut form = registration("Grace-Hopper");
        form.password = bad.into();
        form.confirm_password = bad.into();
        assert_eq!(
            account::register(&site.visitor(), form.validate().unwrap()).await,
            Err(AppError::Invalid(FieldErrors::one(
                Field::Password,
                Problem::Common
            ))),
            "{bad}"
        );
    }
}

// AUT-02
#[tokio::test]
async fn a_hash_of_older_parameters_is_renewed_by_the_next_login() {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

    let site = Site::new().await;
    site.register("ada").await;
    let stored = || async {
        user::Entity::find()
            .one(site.state.db.reader())
            .await
            .unwrap()
            .unwrap()
    };
    let weak = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(8_192, 1, 1, None).unwrap(),
    );
    let weak = weak.hash_password(b"ada-secret!").unwrap().to_string();
    let mut row = stored().await.into_active_model();
    row.password_hash = Set(user::PasswordHash(weak));
    row.update(site.state.db.writer()).await.unwrap();

    site.signed_in("ada").await;
    assert!(stored().await.password_hash.0.contains("m=19456,t=2"));
    site.signed_in("ada").await;
}

// P5
#[tokio::test]
async fn a_hash_that_nothing_is_checked_against_is_answered_as_a_wrong_password_and_replaced_by_mail() {
    let site = Site::new().await;
    site.register("ada").await;
    let ours = user::Entity::find()
        .one(site.state.db.reader())
        .await
        .unwrap()
        .unwrap();
    let hash = ours.password_hash.0.clone();
    for stored in [
        // Hours of work, and all the memory that there is.
        hash.replace("m=19456,t=2", "m=8,t=4294967295"),
        hash.replace("m=19456,t=2", "m=4294967295,t=4294967295"),
        hash.replace("p=1", "p=2432"),
        "$2y$10$abcdefghijklmnopqrstuv0123456789012345678901234567890".to_owned(),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let mut row = ours.clone().into_active_model();
        row.password_hash = Set(user::PasswordHash(stored.clone()));
        row.update(site.state.db.writer()).await.unwrap();
        let ctx = site.visitor();
        let attempt = account::session::log_in(&ctx, login("ada").validate().unwrap());
        let answer = timeout(Duration::from_mins(1), attempt).await;
        assert_eq!(answer.unwrap(), Err(AppError::BadCredentials), "{stored}");
    }

    site.mails().await;
    let email = Email::parse("ada@example.org").unwrap();
    recovery::request(&site.visitor(), &email).await.unwrap();
    let ctx = site.visitor();
    recovery::follow(&ctx, &site.mail().await.token()).await.unwrap();
    recovery::reset(&ctx, Secret::from("ada-secret!")).await.unwrap();
    site.signed_in("ada").await;
}
