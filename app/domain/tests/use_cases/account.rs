//! Tests of registering, logging in and logging out.

use std::time::Duration;

use domain::{
    accounts::{self, recovery, settings::Changed},
    administration::settings,
    platform::entity::user,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use shared::{
    error::AppError,
    forms::{
        Email, Field, FieldErrors, FieldProblem, Form, Secret,
        invitation::NewInvitation,
        settings::{PasswordForm, ProfileForm},
    },
    model::{account::Role, site::Setting},
};
use tokio::time::timeout;

use crate::site::{Site, login, registration};

#[tokio::test]
async fn who_has_registered_can_log_in_by_name_and_by_address_in_any_case() {
    let site = Site::new().await;
    site.member("ada").await;
    for name in ["ada", "ADA", "ada@example.org", "Ada@Example.ORG", " ada "] {
        let scope = site.visitor();
        let mut form = login("ada");
        form.login = name.to_owned();
        accounts::session::log_in(&scope, form.validate().unwrap())
            .await
            .unwrap();
        assert_eq!(scope.viewer().await.unwrap().unwrap().username, "ada", "{name:?}");
    }
}

#[tokio::test]
async fn a_name_or_an_address_is_taken_in_any_case() {
    let site = Site::new().await;
    site.member("ada").await;

    let mut name = registration("grace");
    name.username = "ADA".to_owned();
    let refused = accounts::register(&site.visitor(), name.validate().unwrap()).await;
    assert_eq!(
        refused,
        Err(AppError::Invalid(FieldErrors::one(
            Field::Username,
            FieldProblem::Taken
        )))
    );

    let mut address = registration("grace");
    address.email = "Ada@EXAMPLE.org".to_owned();
    let refused = accounts::register(&site.visitor(), address.validate().unwrap()).await;
    assert_eq!(
        refused,
        Err(AppError::Invalid(FieldErrors::one(
            Field::Email,
            FieldProblem::Taken
        )))
    );
}

#[tokio::test]
async fn a_taken_name_and_a_taken_address_are_told_at_once() {
    let site = Site::new().await;
    site.member("ada").await;
    let refused = accounts::register(&site.visitor(), registration("ada").validate().unwrap()).await;
    let Err(AppError::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let fields: Vec<_> = errors.iter().map(|error| (error.field, error.problem)).collect();
    assert_eq!(
        fields,
        [
            (Field::Username, FieldProblem::Taken),
            (Field::Email, FieldProblem::Taken)
        ]
    );
}

// NAM-01
#[tokio::test]
async fn of_many_who_want_one_name_at_once_one_gets_it_and_the_others_are_told() {
    let site = Site::new().await;
    let attempts = (0..100).map(|number| {
        let scope = site.visitor();
        let mut form = registration("ada");
        form.email = format!("ada{number}@example.org");
        tokio::spawn(async move { accounts::register(&scope, form.validate().unwrap()).await })
    });
    let mut registered = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => registered += 1,
            Err(error) => {
                assert_eq!(
                    error,
                    AppError::Invalid(FieldErrors::one(Field::Username, FieldProblem::Taken))
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
        let scope = site.visitor();
        assert_eq!(
            accounts::session::log_in(&scope, form.validate().unwrap()).await,
            Err(AppError::BadCredentials)
        );
        assert_eq!(scope.viewer().await.unwrap(), None);
    }
}

#[tokio::test]
async fn after_logging_out_the_session_is_nobodys() {
    let site = Site::new().await;
    site.member("ada").await;
    let scope = site.visitor();
    accounts::session::log_in(&scope, login("ada").validate().unwrap())
        .await
        .unwrap();
    let next = site.again(&scope).await;
    assert!(next.viewer().await.unwrap().is_some());

    let old = next.session().unwrap().id();
    accounts::session::log_out(&next).await.unwrap();
    let stolen = site.with_session(old, site.visitor().client().unwrap().clone());
    assert_eq!(stolen.viewer().await.unwrap(), None);
}

// SES-03
#[tokio::test]
async fn logging_in_changes_the_sessions_id() {
    let site = Site::new().await;
    site.member("ada").await;
    let planted = site.visitor();
    planted.session().unwrap().insert("anything", 1).await.unwrap();
    let scope = site.again(&planted).await;
    let before = scope.session().unwrap().id();
    accounts::session::log_in(&scope, login("ada").validate().unwrap())
        .await
        .unwrap();
    let after = site.again(&scope).await;
    assert_ne!(before, after.session().unwrap().id());
    assert!(after.viewer().await.unwrap().is_some());
    let planted = site.with_session(before, site.visitor().client().unwrap().clone());
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
            accounts::register(&site.visitor(), form.validate().unwrap()).await,
            Err(AppError::Invalid(FieldErrors::one(
                Field::Password,
                FieldProblem::Common
            ))),
            "{bad}"
        );
    }
}

/// The same password with each accented letter as one character, and as two characters.
const COMPOSED: &str = "Gr\u{fc}\u{df}e vom Bj\u{f6}rn";
const DECOMPOSED: &str = "Gru\u{308}\u{df}e vom Bjo\u{308}rn";

async fn log_in(site: &Site, name: &str, password: &str) -> Result<(), AppError> {
    let mut form = login(name);
    form.password = password.into();
    accounts::session::log_in(&site.visitor(), form.validate().unwrap()).await
}

// AUT-01
#[tokio::test]
async fn a_password_is_the_same_on_systems_that_send_accented_letters_otherwise() {
    let site = Site::new().await;
    for (name, chosen) in [("ada", COMPOSED), ("grace", DECOMPOSED)] {
        let mut form = registration(name);
        form.password = chosen.into();
        form.confirm_password = chosen.into();
        accounts::register(&site.visitor(), form.validate().unwrap())
            .await
            .unwrap();
        for typed in [COMPOSED, DECOMPOSED] {
            assert_eq!(log_in(&site, name, typed).await, Ok(()), "{name} {typed:?}");
        }
        assert_eq!(
            log_in(&site, name, "Grusse vom Bjorn").await,
            Err(AppError::BadCredentials)
        );
    }
    // The two forms are the same password.
    let mut form = login("ada");
    form.password = COMPOSED.into();
    let scope = site.visitor();
    accounts::session::log_in(&scope, form.validate().unwrap())
        .await
        .unwrap();
    let scope = site.again(&scope).await;
    let viewer = scope.require_viewer().await.unwrap();
    let change = |new: &str| {
        let form = PasswordForm {
            current_password: DECOMPOSED.into(),
            new_password: new.into(),
            confirm_password: new.into(),
        };
        form.validate().unwrap()
    };
    let unchanged = accounts::settings::change_password(&scope, &viewer, change(COMPOSED)).await;
    let problem = FieldErrors::one(Field::NewPassword, FieldProblem::Unchanged);
    assert_eq!(unchanged, Err(AppError::Invalid(problem)));
    accounts::settings::change_password(&scope, &viewer, change("Gru\u{308}\u{df}e an alle"))
        .await
        .unwrap();
    assert_eq!(log_in(&site, "ada", "Gr\u{fc}\u{df}e an alle").await, Ok(()));
}

// AUT-01
#[tokio::test]
async fn a_hash_of_what_was_typed_is_replaced_by_the_next_login() {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

    let site = Site::new().await.with_recommended_hashes();
    site.register("ada").await;
    let stored = || async {
        user::Entity::find()
            .one(site.state.db.reader())
            .await
            .unwrap()
            .unwrap()
    };
    let params = Params::new(19_456, 2, 1, None).unwrap();
    let as_typed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(DECOMPOSED.as_bytes())
        .unwrap()
        .to_string();
    let mut row = stored().await.into_active_model();
    row.password_hash = Set(user::PasswordHash(as_typed.clone()));
    row.update(site.state.db.writer()).await.unwrap();

    assert_eq!(
        log_in(&site, "ada", COMPOSED).await,
        Err(AppError::BadCredentials)
    );
    assert_eq!(log_in(&site, "ada", DECOMPOSED).await, Ok(()));
    let renewed = stored().await.password_hash.0;
    assert_ne!(renewed, as_typed);
    for typed in [DECOMPOSED, COMPOSED] {
        assert_eq!(log_in(&site, "ada", typed).await, Ok(()));
    }
    assert_eq!(stored().await.password_hash.0, renewed);
}

// AUT-04
#[tokio::test]
async fn a_failed_login_costs_as_many_hashes_with_an_account_as_without() {
    let site = Site::new().await;
    site.register("ada").await;
    for (password, hashes) in [("wrong h\u{f6}rse", 1), ("wrong ho\u{308}rse", 2)] {
        for name in ["ada", "nobody", "ada@example.org", "nobody@example.org"] {
            let before = site.state.hasher.computed();
            assert_eq!(log_in(&site, name, password).await, Err(AppError::BadCredentials));
            assert_eq!(
                site.state.hasher.computed() - before,
                hashes,
                "{name} {password:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_address_with_an_umlaut_is_the_same_as_its_form_in_ascii() {
    let site = Site::new().await;
    let mut form = registration("ada");
    form.email = "Ada@b\u{fc}cher.example".to_owned();
    accounts::register(&site.visitor(), form.validate().unwrap())
        .await
        .unwrap();
    assert_eq!(site.mail().await.to, "Ada@xn--bcher-kva.example");
    for address in [
        "ada@b\u{fc}cher.example",
        "ada@bu\u{308}cher.example",
        "ADA@XN--BCHER-KVA.example",
    ] {
        assert_eq!(log_in(&site, address, "ada-secret!").await, Ok(()), "{address}");
        let mut form = registration("grace");
        form.email = address.to_owned();
        let taken = accounts::register(&site.visitor(), form.validate().unwrap()).await;
        let problem = FieldErrors::one(Field::Email, FieldProblem::Taken);
        assert_eq!(taken, Err(AppError::Invalid(problem)), "{address}");
        let found = accounts::administration::find(&site.command_line(), address)
            .await
            .unwrap();
        assert_eq!(found.username, "ada");
    }
    recovery::request(&site.visitor(), &Email::parse("ada@b\u{fc}cher.example").unwrap())
        .await
        .unwrap();
    assert_eq!(site.mail().await.to, "Ada@xn--bcher-kva.example");
}

// AUT-02
#[tokio::test]
async fn a_hash_of_older_parameters_is_renewed_by_the_next_login() {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

    let site = Site::new().await.with_recommended_hashes();
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
    let site = Site::new().await.with_recommended_hashes();
    site.register("ada").await;
    let ours = user::Entity::find()
        .one(site.state.db.reader())
        .await
        .unwrap()
        .unwrap();
    let hash = ours.password_hash.0.clone();
    for stored in [
        // Verifying these would take hours or all available memory.
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
        let scope = site.visitor();
        let attempt = accounts::session::log_in(&scope, login("ada").validate().unwrap());
        let answer = timeout(Duration::from_mins(1), attempt).await;
        assert_eq!(answer.unwrap(), Err(AppError::BadCredentials), "{stored}");
    }

    site.mails().await;
    let email = Email::parse("ada@example.org").unwrap();
    recovery::request(&site.visitor(), &email).await.unwrap();
    let scope = site.visitor();
    recovery::follow(&scope, &site.mail().await.token())
        .await
        .unwrap();
    recovery::reset(&scope, Secret::from("ada-secret!"))
        .await
        .unwrap();
    site.signed_in("ada").await;
}

#[tokio::test]
async fn nobody_registers_at_a_blocked_provider_or_changes_to_it() {
    let site = Site::new().await;
    let mary = site.member("mary").await;
    let operator = site.command_line();
    let domains = "Trash.example\nspam.example".to_owned();
    settings::set(&operator, Setting::BlockedMailDomains, domains)
        .await
        .unwrap();
    let blocked = AppError::from(FieldErrors::one(Field::Email, FieldProblem::BlockedDomain));
    for (email, expected) in [
        ("ada@trash.example", Err(blocked.clone())),
        ("ada@mail.trash.EXAMPLE", Err(blocked.clone())),
        ("ada@example.org", Ok(())),
    ] {
        let mut form = registration("ada");
        form.email = email.to_owned();
        let registered = accounts::register(&site.visitor(), form.validate().unwrap()).await;
        assert_eq!(registered.map(drop), expected, "{email}");
    }
    let change = ProfileForm {
        username: "mary".to_owned(),
        email: "mary@spam.example".to_owned(),
        current_password: "mary-secret!".into(),
        ..ProfileForm::default()
    };
    let scope = site.signed_in("mary").await;
    let changed = accounts::settings::change_profile(&scope, &mary, change.validate().unwrap()).await;
    assert_eq!(changed.map(drop), Err(blocked));
    let invited = NewInvitation {
        role: Role::Member,
        email: Some(Email::parse("joan@trash.example").unwrap()),
        uses: 1,
        days: 7,
    };
    let refused = accounts::invitations::create(&operator, invited).await;
    assert_eq!(
        refused.map(drop),
        Err(AppError::from(FieldErrors::one(
            Field::Email,
            FieldProblem::BlockedDomain
        )))
    );
    // Who has such an address already can change everything else.
    let own = "example.org".to_owned();
    settings::set(&operator, Setting::BlockedMailDomains, own)
        .await
        .unwrap();
    let profile = ProfileForm {
        username: "mary".to_owned(),
        email: "mary@example.org".to_owned(),
        about: Some("A miller".to_owned()),
        ..ProfileForm::default()
    };
    let changed = accounts::settings::change_profile(&scope, &mary, profile.validate().unwrap()).await;
    assert_eq!(changed, Ok(Changed::All));
}
