//! How many answers are made for one client at the same time.

use std::{collections::HashMap, time::Duration};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use futures::future::join_all;
use server::config::Concurrency;

use crate::persona::{Answer, Site};

/// A site on which one client has `per_client` requests worked on, and others wait for `patience`.
async fn site(per_client: usize, patience: Duration) -> Site {
    Site::with("http://localhost:3000", |config| {
        config.concurrency = Some(Concurrency { per_client, patience });
    })
    .await
}

/// The answers to requests for `paths` that clients at `addresses` send at the same time.
async fn at_once(site: &Site, paths: &[String], addresses: &[&str]) -> Vec<Answer> {
    let requests = paths.iter().zip(addresses.iter().cycle());
    join_all(requests.map(async |(path, address)| site.visitor_from(address).get(path).await)).await
}

fn counted(answers: &[Answer]) -> HashMap<StatusCode, usize> {
    let mut counted = HashMap::new();
    for answer in answers {
        *counted.entry(answer.status).or_default() += 1;
    }
    counted
}

/// Pages that are made for each request.
fn paths(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("/about?number={number}"))
        .collect()
}

#[tokio::test]
async fn a_client_that_asks_for_much_at_once_waits() {
    let site = site(2, Duration::from_mins(1)).await;
    let answers = at_once(&site, &paths(20), &["192.0.2.1"]).await;
    assert_eq!(counted(&answers), HashMap::from([(StatusCode::OK, 20)]));
}

#[tokio::test]
async fn a_client_that_would_wait_too_long_is_told_when_to_come_back() {
    let site = site(2, Duration::ZERO).await;
    for paths in [
        paths(20),
        vec!["/user/nobody".to_owned(); 20],
        vec!["/api/posts?page=1".to_owned(); 20],
    ] {
        let answers = at_once(&site, &paths, &["192.0.2.1"]).await;
        let counted = counted(&answers);
        let refused = counted.get(&StatusCode::TOO_MANY_REQUESTS).copied();
        // Two are answered at a time, and whoever comes when one of them has ended is answered as well.
        assert!(refused.is_some_and(|refused| refused <= 18), "{counted:?}");
        for refused in answers
            .iter()
            .filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS)
        {
            assert_eq!(refused.header("retry-after"), "5");
        }
    }
}

#[tokio::test]
async fn others_do_not_wait_for_a_client_that_asks_for_much() {
    let site = site(2, Duration::ZERO).await;
    let addresses = ["192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"];
    let answers = at_once(&site, &paths(8), &addresses).await;
    assert_eq!(counted(&answers), HashMap::from([(StatusCode::OK, 8)]));
    // One IPv6 customer has a whole /64.
    let answers = at_once(
        &site,
        &paths(3),
        &["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:1::3"],
    )
    .await;
    assert_eq!(counted(&answers)[&StatusCode::TOO_MANY_REQUESTS], 1);
}

#[tokio::test]
async fn a_page_that_is_kept_needs_no_turn_and_nobody_gets_anothers_refusal() {
    let site = site(1, Duration::ZERO).await;
    let home = vec!["/".to_owned(); 6];
    // What is kept before a site has come to rest is made anew.
    site.visitor().get("/").await;
    site.state.db.content().changed();
    // Each client has the turn that it needs, although all wait for the page that one of them has begun.
    let addresses = [
        "192.0.2.1",
        "192.0.2.2",
        "192.0.2.3",
        "192.0.2.1",
        "192.0.2.2",
        "192.0.2.3",
    ];
    let answers = at_once(&site, &home, &addresses).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429, 429]);
    let answers = at_once(&site, &home, &["192.0.2.1"]).await;
    assert_eq!(counted(&answers), HashMap::from([(StatusCode::OK, 6)]));
}

#[tokio::test]
async fn a_large_answer_is_the_clients_turn_until_it_has_been_read() {
    let site = site(1, Duration::ZERO).await;
    let long = site
        .member("ada")
        .await
        .publish("Long", &"a".repeat(99_000))
        .await;
    let reader = site.visitor_from("192.0.2.1");
    let begin = async |path: &str| {
        let request = reader.request(Method::GET, path).body(Body::empty());
        reader.begin(request.unwrap()).await
    };
    let large = begin(&format!("{long}?a")).await;
    assert_eq!(large.status(), StatusCode::OK);
    assert_eq!(reader.get("/about?a").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        site.visitor_from("192.0.2.2").get("/about?a").await.status,
        StatusCode::OK
    );
    drop(large);
    let small = begin("/about?a").await;
    assert_eq!(small.status(), StatusCode::OK);
    assert_eq!(reader.get("/about?a").await.status, StatusCode::OK);
    drop(small);
}
