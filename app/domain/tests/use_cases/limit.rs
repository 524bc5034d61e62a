//! Tests of rate limits.

use std::{sync::Arc, time::Duration};

use domain::{
    accounts::{recovery, session},
    platform::limit::{Limit, Limited, Rates},
    posts,
};
use shared::{
    error::AppError,
    forms::{Email, Form, Secret, post::PostForm},
    model::{post::DraftTarget, site::RegistrationMode},
};

use futures::future::join_all;
use tokio::time::sleep;

use crate::site::{Site, login};

async fn attempt(site: &Site, address: &str, name: &str, password: &str) -> Result<(), AppError> {
    let mut form = login(name);
    form.password = password.into();
    session::log_in(&site.visitor_from(address), form.validate().unwrap()).await
}

#[tokio::test]
async fn one_address_may_try_so_many_logins_and_another_its_own() {
    let mut limits = Limited::unlimited();
    limits.login_address = "3/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("ada").await;
    for name in ["a1", "a2", "a3"] {
        assert_eq!(
            attempt(&site, "192.0.2.1", name, "wrong password").await,
            Err(AppError::BadCredentials)
        );
    }
    let refused = attempt(&site, "192.0.2.1", "ada", "ada-secret!").await;
    assert!(
        matches!(refused, Err(AppError::Throttled(1..=1_201))),
        "{refused:?}"
    );
    assert_eq!(attempt(&site, "192.0.2.2", "ada", "ada-secret!").await, Ok(()));

    // An IPv6 customer usually has a whole /64 network.
    for last in 1..=3 {
        attempt(&site, &format!("2001:db8::{last}"), "ada", "wrong password")
            .await
            .unwrap_err();
    }
    assert!(matches!(
        attempt(&site, "2001:db8::ffff", "ada", "ada-secret!").await,
        Err(AppError::Throttled(_))
    ));
    assert_eq!(
        attempt(&site, "2001:db8:0:1::1", "ada", "ada-secret!").await,
        Ok(())
    );
}

// AVL-06
#[tokio::test]
async fn who_guesses_at_an_account_does_not_shut_its_owner_out() {
    let mut limits = Limited::unlimited();
    limits.login_account = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("ada").await;
    let known = site.visitor();
    session::log_in(&known, login("ada").validate().unwrap())
        .await
        .unwrap();

    let guess = |number: u8| {
        let address = format!("198.51.100.{number}");
        let site = &site;
        async move { attempt(site, &address, "ada", "wrong password").await }
    };
    assert_eq!(guess(1).await, Err(AppError::BadCredentials));
    for number in 2..20 {
        assert!(matches!(guess(number).await, Err(AppError::Throttled(_))));
    }
    // She can still log in with the browser that she has used before.
    let again = site.with_session(None, known.client().unwrap().clone());
    assert_eq!(
        session::log_in(&again, login("ada").validate().unwrap()).await,
        Ok(())
    );

    // She can log in with any other browser after she has proved her identity by mail.
    site.mails().await;
    recovery::request(&site.visitor(), &Email::parse("ada@example.org").unwrap())
        .await
        .unwrap();
    let token = site.mail().await.token();
    let new = site.visitor_from("203.0.113.5");
    recovery::follow(&new, &token).await.unwrap();
    recovery::reset(&new, Secret::from("an entirely new password"))
        .await
        .unwrap();
    let mut form = login("ada");
    form.password = "an entirely new password".into();
    let next = site.with_session(None, new.client().unwrap().clone());
    assert_eq!(session::log_in(&next, form.validate().unwrap()).await, Ok(()));
}

// AUT-04
#[tokio::test]
async fn an_account_that_does_not_exist_is_limited_like_one_that_does() {
    let mut limits = Limited::unlimited();
    limits.login_account = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("ada").await;
    for name in ["ada", "nobody", "ada@example.org", "nobody@example.org"] {
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(
                attempt(&site, "192.0.2.1", name, "wrong password")
                    .await
                    .map_err(|error| error.status()),
            );
        }
        assert_eq!(answers, [Err(401), Err(401), Err(429), Err(429)], "{name}");
    }
}

#[tokio::test]
async fn a_mailbox_is_not_drowned_and_its_owners_link_stays_good() {
    let mut limits = Limited::unlimited();
    limits.recovery_account = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    site.register("ada").await;
    site.mails().await;
    let email = Email::parse("ada@example.org").unwrap();
    let mut last = None;
    for number in 0..5 {
        let scope = site.visitor_from(&format!("198.51.100.{number}"));
        assert_eq!(recovery::request(&scope, &email).await, Ok(()));
        last = site.mails().await.pop().or(last);
    }
    assert!(
        recovery::follow(&site.visitor(), &last.unwrap().token())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn one_person_may_publish_so_much() {
    let mut limits = Limited::unlimited();
    limits.write = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let publish = |number: u8| {
        let (scope, ada) = (&scope, &ada);
        let form = PostForm {
            title: format!("Part {number}"),
            content: "text".to_owned(),
            ..PostForm::default()
        };
        async move { posts::publish(scope, ada, DraftTarget::default(), form.validate().unwrap()).await }
    };
    assert!(publish(1).await.is_ok() && publish(2).await.is_ok());
    assert!(matches!(publish(3).await, Err(AppError::Throttled(_))));
}

// UPL-10
#[tokio::test]
async fn one_person_may_upload_so_often() {
    use domain::media::avatars;

    let mut limits = Limited::unlimited();
    limits.upload = "2/1h".parse().unwrap();
    let site = Site::with(RegistrationMode::Open, limits).await;
    let ada = site.member("ada").await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        let scope = site.visitor();
        let answer = match avatars::reserve(&scope, &ada).await {
            Ok(room) => avatars::change(&scope, &ada, room, b"no picture".to_vec()).await,
            Err(error) => Err(error),
        };
        answers.push(answer.map_err(|error| error.status()));
    }
    assert_eq!(answers, [Err(415), Err(415), Err(429)]);
}

fn limit(rates: &str, site: &Site) -> Limit {
    Limit::new("test", &rates.parse::<Rates>().unwrap(), &site.state.clock)
}

#[tokio::test]
async fn each_has_a_count_of_their_own() {
    let site = Site::new().await;
    let (limit, db) = (limit("2/1h", &site), &site.state.db);
    assert_eq!(limit.check(db, "ada").await, Ok(()));
    assert_eq!(limit.check(db, "ada").await, Ok(()));
    let refused = limit.check(db, "ada").await;
    assert!(
        matches!(refused, Err(AppError::Throttled(1_700..=1_801))),
        "{refused:?}"
    );
    assert_eq!(limit.allows(db, "ada").await, Ok(false));
    assert_eq!(limit.allows(db, "grace").await, Ok(true));
}

#[tokio::test]
async fn of_many_attempts_at_once_no_more_are_allowed_than_of_as_many_in_turn() {
    let site = Site::new().await;
    let limit = Arc::new(limit("7/1h", &site));
    let attempts = (0..30).map(|_| {
        let (limit, db) = (Arc::clone(&limit), site.state.db.clone());
        tokio::spawn(async move { limit.allows(&db, "ada").await.unwrap() })
    });
    let allowed = join_all(attempts)
        .await
        .into_iter()
        .filter(|allowed| *allowed.as_ref().unwrap())
        .count();
    assert_eq!(allowed, 7);
}

#[tokio::test]
async fn whoever_goes_on_waits_longer_and_never_for_ever() {
    let site = Site::new().await;
    let limit = limit("1/1s,2/1h", &site);
    let mut waits = Vec::new();
    for _ in 0..4 {
        if let Err(AppError::Throttled(seconds)) = limit.check(&site.state.db, "ada").await {
            waits.push(seconds);
        }
        if site.is_postgres() {
            // Servers that share a database use its clock.
            sleep(Duration::from_millis(1_010)).await;
        } else {
            site.state.clock.advance(time::Duration::seconds(1));
        }
    }
    assert_eq!(waits.len(), 2, "{waits:?}");
    assert!(waits.iter().all(|seconds| *seconds > 1_000), "{waits:?}");
}

#[tokio::test]
async fn without_rates_nothing_is_limited() {
    let site = Site::new().await;
    let unlimited = &site.state.limits.write;
    for _ in 0..10_000 {
        unlimited.check(&site.state.db, "ada").await.unwrap();
    }
}
