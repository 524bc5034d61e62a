//! Tests of the rule that a site keeps an administrator.

use domain::accounts::{administration, deletion, session};
use futures::future::join_all;
use shared::{
    error::AppError,
    forms::{Form, Secret},
    model::account::Role,
};

use crate::site::{Site, login, registration};

/// Returns a site with these administrators.
async fn administered_by(names: &[&str]) -> Site {
    let site = Site::new().await;
    for name in names {
        let account = registration(name).validate().unwrap();
        administration::add(&site.command_line(), account, Role::Administrator, None)
            .await
            .unwrap();
    }
    site
}

async fn delete(site: &Site, name: &str) -> Result<(), AppError> {
    let scope = site.visitor();
    session::log_in(&scope, login(name).validate().unwrap()).await?;
    let viewer = scope.require_viewer().await?;
    let password = Secret::from(format!("{name}-secret!").as_str());
    deletion::delete(&scope, &viewer, password).await
}

async fn administrators(site: &Site) -> usize {
    let people = administration::list(&site.command_line(), "", 100).await.unwrap();
    let roles = people.iter().filter(|person| person.role == Role::Administrator);
    roles.count()
}

#[tokio::test]
async fn the_last_administrator_keeps_the_role_and_the_account() {
    let site = administered_by(&["ada"]).await;
    site.register("bob").await;
    let console = site.command_line();
    for role in [Role::Member, Role::Moderator] {
        let refused = administration::set_role(&console, "ada", role).await;
        assert_eq!(refused.map(drop), Err(AppError::LastAdministrator));
    }
    let refused = administration::delete(&console, "ada").await;
    assert_eq!(refused.map(drop), Err(AppError::LastAdministrator));
    assert_eq!(delete(&site, "ada").await, Err(AppError::LastAdministrator));
    assert_eq!(administrators(&site).await, 1);

    // The same role again, and other people, are none of its business.
    administration::set_role(&console, "ada", Role::Administrator)
        .await
        .unwrap();
    administration::set_role(&console, "bob", Role::Administrator)
        .await
        .unwrap();
    assert_eq!(delete(&site, "ada").await, Ok(()));
    assert_eq!(delete(&site, "bob").await, Err(AppError::LastAdministrator));
}

#[tokio::test]
async fn members_of_a_site_without_administrators_are_deleted_as_ever() {
    let site = Site::new().await;
    site.register("ada").await;
    assert_eq!(delete(&site, "ada").await, Ok(()));
}

#[tokio::test]
async fn administrators_who_give_up_the_role_at_once_leave_one() {
    let names = ["ada", "bob", "eve", "grace"];
    let site = administered_by(&names).await;
    let attempts = names.iter().enumerate().map(|(number, name)| {
        let (console, name) = (site.command_line(), (*name).to_owned());
        tokio::spawn(async move {
            if number % 2 == 0 {
                administration::set_role(&console, &name, Role::Member).await
            } else {
                administration::delete(&console, &name).await
            }
        })
    });
    let answers: Vec<_> = join_all(attempts)
        .await
        .into_iter()
        .map(|answer| answer.unwrap().map(drop))
        .collect();
    let refused: Vec<_> = answers.iter().filter(|answer| answer.is_err()).collect();
    assert_eq!(refused, [&Err(AppError::LastAdministrator)]);
    assert_eq!(administrators(&site).await, 1);
}
