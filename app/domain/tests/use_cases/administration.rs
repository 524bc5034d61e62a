//! Tests of account administration.

use domain::accounts::{administration, session};
use shared::{
    error::AppError,
    forms::{Form, Secret, account::LoginForm},
};

use crate::site::{Site, login};

#[tokio::test]
async fn sessions_that_an_administrator_has_ended_are_over_at_the_next_request() {
    let site = Site::new().await;
    for name in ["ada", "grace"] {
        site.register(name).await;
    }
    let (ada, grace) = (site.signed_in("ada").await, site.signed_in("grace").await);
    administration::end_sessions(&site.command_line(), "ADA@example.org")
        .await
        .unwrap();
    assert!(site.again(&ada).await.viewer().await.unwrap().is_none());
    assert!(site.again(&grace).await.viewer().await.unwrap().is_some());
    let nobody = administration::end_sessions(&site.command_line(), "nobody").await;
    assert_eq!(nobody.map(drop), Err(AppError::NotFound));
}

#[tokio::test]
async fn a_password_that_an_administrator_has_set_replaces_the_old_one_and_its_owner_is_told() {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let ada = site.signed_in("ada").await;
    let new = Secret::from("nine lives of a cat");
    administration::set_password(&site.command_line(), "ada", new.clone())
        .await
        .unwrap();
    assert!(site.again(&ada).await.viewer().await.unwrap().is_none());
    let old = session::log_in(&site.visitor(), login("ada").validate().unwrap()).await;
    assert_eq!(old, Err(AppError::BadCredentials));
    let form = LoginForm {
        login: "ada".to_owned(),
        password: new,
        ..LoginForm::default()
    };
    session::log_in(&site.visitor(), form.validate().unwrap())
        .await
        .unwrap();
    let mail = site.mail().await;
    assert!(
        mail.to == "ada@example.org" && mail.subject.contains("password"),
        "{mail:?}"
    );

    let common = administration::set_password(&site.command_line(), "ada", Secret::from("password")).await;
    assert!(matches!(common, Err(AppError::Invalid(_))));
}
