//! Tests of changing the username, email address, description and password, and of deleting the account.

use domain::{
    Scope,
    accounts::{
        deletion,
        session::{self, log_in},
        settings::{self, Changed},
    },
    platform::entity::{job, post as post_entity, session as session_entity, token, user},
    posts,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem, Form, Secret,
        post::PostForm,
        settings::{NewPassword, ProfileForm},
    },
    model::post::DraftTarget,
};

use crate::site::{Site, login};

fn profile(username: &str, email: &str, about: &str) -> ProfileForm {
    ProfileForm {
        username: username.to_owned(),
        email: email.to_owned(),
        about: Some(about.to_owned()),
        ..ProfileForm::default()
    }
}

async fn change(scope: &Scope, form: ProfileForm) -> Result<Changed, AppError> {
    let viewer = scope.require_viewer().await.unwrap();
    settings::change_profile(scope, &viewer, form.validate().unwrap()).await
}

fn refused(field: Field, problem: FieldProblem) -> AppError {
    AppError::Invalid(FieldErrors::one(field, problem))
}

#[tokio::test]
async fn a_profile_that_changes_nothing_is_saved_although_its_name_is_taken_by_oneself() {
    let site = Site::new().await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    assert_eq!(
        change(&ada, profile("ada", "ada@example.org", "")).await,
        Ok(Changed::All)
    );
    assert_eq!(
        change(&ada, profile("Ada", "Ada@Example.org", "I count.")).await,
        Ok(Changed::All)
    );
    let viewer = ada.require_viewer().await.unwrap();
    let now = settings::read(&ada, &viewer).await.unwrap();
    assert_eq!(
        (now.username.as_str(), now.email.as_str(), now.about.as_str()),
        ("Ada", "Ada@Example.org", "I count.")
    );
    assert_eq!(now.new_email, None);
}

#[tokio::test]
async fn a_name_that_somebody_else_has_is_refused_and_nothing_is_changed() {
    let site = Site::new().await;
    site.register("ada").await;
    site.register("grace").await;
    let grace = site.signed_in("grace").await;
    assert_eq!(
        change(&grace, profile("ADA", "grace@example.org", "new words")).await,
        Err(refused(Field::Username, FieldProblem::Taken))
    );
    let viewer = grace.require_viewer().await.unwrap();
    let now = settings::read(&grace, &viewer).await.unwrap();
    assert_eq!((now.username.as_str(), now.about.as_str()), ("grace", ""));
}

#[tokio::test]
async fn another_address_takes_the_current_password() {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let ada = site.signed_in("ada").await;
    let mut form = profile("ada", "ada@new.example", "");
    assert_eq!(
        change(&ada, form.clone()).await,
        Err(refused(Field::CurrentPassword, FieldProblem::Required))
    );
    form.current_password = Secret::from("not her password");
    assert_eq!(
        change(&ada, form).await,
        Err(refused(Field::CurrentPassword, FieldProblem::Wrong))
    );
    assert_eq!(site.mails().await, []);
}

// NAM-04
#[tokio::test]
async fn hostile_words_come_back_byte_for_byte() {
    let site = Site::new().await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    let hostile = "</textarea><script>\u{202e}zalgo\u{0301} 👩‍👩‍👧\n'); DROP TABLE users;-- \u{feff}.";
    change(&ada, profile("ada", "ada@example.org", hostile))
        .await
        .unwrap();
    let viewer = ada.require_viewer().await.unwrap();
    assert_eq!(settings::read(&ada, &viewer).await.unwrap().about, hostile);
}

// AUT-10
#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_gives_this_one_another_id() {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let elsewhere = site.signed_in("ada").await;
    let here = site.signed_in("ada").await;
    let before = here.session().unwrap().id();
    let viewer = here.require_viewer().await.unwrap();
    let wrong = NewPassword {
        current: Secret::from("not her password"),
        new: Secret::from("an entirely new password"),
    };
    assert_eq!(
        settings::change_password(&here, &viewer, wrong.clone()).await,
        Err(refused(Field::CurrentPassword, FieldProblem::Wrong))
    );
    let right = NewPassword {
        current: Secret::from("ada-secret!"),
        ..wrong
    };
    settings::change_password(&here, &viewer, right).await.unwrap();

    assert_ne!(here.session().unwrap().id(), before);
    assert!(site.again(&here).await.viewer().await.unwrap().is_some());
    assert_eq!(site.again(&elsewhere).await.viewer().await.unwrap(), None);
    let stale = site.with_session(before, here.client().unwrap().clone());
    assert_eq!(stale.viewer().await.unwrap(), None);
    assert_eq!(
        site.mail().await.subject,
        "Your password for Broadsheet was changed"
    );
    let old = log_in(&site.visitor(), login("ada").validate().unwrap()).await;
    assert_eq!(old, Err(AppError::BadCredentials));
}

#[tokio::test]
async fn deleting_an_account_takes_the_password_and_leaves_nothing_of_it() {
    let site = Site::new().await;
    site.register("grace").await;
    site.register("ada").await;
    site.signed_in("grace").await;
    let ada = site.signed_in("ada").await;
    let viewer = ada.require_viewer().await.unwrap();
    let new = PostForm {
        title: "On engines".to_owned(),
        content: "text".to_owned(),
        ..PostForm::default()
    };
    posts::publish(&ada, &viewer, DraftTarget::default(), new.validate().unwrap())
        .await
        .unwrap();

    assert_eq!(
        deletion::delete(&ada, &viewer, Secret::from("not her password")).await,
        Err(refused(Field::CurrentPassword, FieldProblem::Wrong))
    );
    assert_eq!(
        user::Entity::find().count(site.state.db.reader()).await.unwrap(),
        2
    );

    deletion::delete(&ada, &viewer, Secret::from("ada-secret!"))
        .await
        .unwrap();
    let db = site.state.db.reader();
    assert_eq!(post_entity::Entity::find().count(db).await.unwrap(), 0);
    let users = user::Entity::find().all(db).await.unwrap();
    assert_eq!(users.len(), 1);
    let others = [
        session_entity::Entity::find()
            .all(db)
            .await
            .unwrap()
            .iter()
            .all(|row| row.user_id == Some(users[0].id)),
        token::Entity::find()
            .all(db)
            .await
            .unwrap()
            .iter()
            .all(|row| row.user_id == Some(users[0].id)),
        job::Entity::find()
            .all(db)
            .await
            .unwrap()
            .iter()
            .all(|row| row.user_id == Some(users[0].id)),
    ];
    assert_eq!(others, [true; 3]);
    assert_eq!(site.again(&ada).await.viewer().await.unwrap(), None);
    site.register("ada").await;
}

// SES-05
#[tokio::test]
async fn ones_sessions_are_listed_and_ended_and_nobody_elses() {
    let site = Site::new().await;
    site.register("ada").await;
    site.register("grace").await;
    let (here, elsewhere) = (site.signed_in("ada").await, site.signed_in("ada").await);
    let third = site.signed_in("ada").await;
    let grace = site.signed_in("grace").await;
    let (ada_viewer, grace_viewer) = (
        here.require_viewer().await.unwrap(),
        grace.require_viewer().await.unwrap(),
    );

    let list = session::list(&here, &ada_viewer).await.unwrap();
    assert_eq!(list.len(), 3);
    assert!(list[0].is_here && !list[1].is_here && !list[2].is_here);
    assert_eq!(
        (list[0].browser.as_str(), list[0].address.as_str()),
        ("Firefox on Linux", "192.0.2.1")
    );

    let of_elsewhere = session::list(&elsewhere, &ada_viewer).await.unwrap()[0]
        .id
        .clone();
    assert_eq!(
        session::end(&grace, &grace_viewer, &of_elsewhere).await,
        Err(AppError::NotFound)
    );
    assert!(site.again(&elsewhere).await.viewer().await.unwrap().is_some());
    session::end(&here, &ada_viewer, &of_elsewhere).await.unwrap();
    assert_eq!(
        site.with_session(
            elsewhere.session().unwrap().id(),
            elsewhere.client().unwrap().clone()
        )
        .viewer()
        .await
        .unwrap(),
        None
    );

    session::end_others(&here, &ada_viewer).await.unwrap();
    assert_eq!(site.again(&third).await.viewer().await.unwrap(), None);
    assert!(site.again(&here).await.viewer().await.unwrap().is_some());
    assert!(site.again(&grace).await.viewer().await.unwrap().is_some());
}
