//! Tests of creating the first administrator.

use domain::accounts::{administration, setup_token};
use futures::future::join_all;
use shared::{
    error::AppError,
    forms::{Form, Secret},
    model::account::Role,
};

use crate::site::{Site, registration};

async fn link(site: &Site) -> Secret {
    let link = setup_token::invite(&site.command_line()).await.unwrap().unwrap();
    Secret::from(link.rsplit('/').next().unwrap())
}

// AUT-06, OPS-06
#[tokio::test]
async fn of_many_who_open_the_link_one_becomes_the_administrator() {
    let site = Site::new().await;
    let token = link(&site).await;
    let attempts = (0..6).map(|number| {
        let (scope, token) = (site.visitor(), token.clone());
        tokio::spawn(async move {
            setup_token::follow(&scope, &token).await?;
            let account = registration(&format!("ada{number}")).validate().unwrap();
            setup_token::make(&scope, account).await
        })
    });
    let answers: Vec<_> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        answers.iter().filter(|answer| answer.is_ok()).count(),
        1,
        "{answers:?}"
    );
    let refused = answers
        .iter()
        .filter(|answer| **answer == Err(AppError::BadToken));
    assert_eq!(refused.count(), 5, "{answers:?}");
    let people = administration::list(&site.command_line(), "", 10).await.unwrap();
    assert_eq!(people.len(), 1, "the others have no account");
    assert_eq!(people[0].role, Role::Administrator);
}
