//! Tests of the origin that the permanent ids in feeds contain.

use std::sync::Arc;

use domain::{AppState, SiteSettings, platform::first_origin};
use futures::future::join_all;

use crate::site::Site;

/// Returns the state of the site as a server at `origin` has it.
fn at(site: &Site, origin: &str) -> AppState {
    let settings = SiteSettings {
        site_url: origin.parse().unwrap(),
        ..(*site.state.settings).clone()
    };
    AppState {
        settings: Arc::new(settings),
        site: Arc::default(),
        ..site.state.clone()
    }
}

async fn kept(site: &Site) -> Option<String> {
    first_origin::read(site.state.db.reader()).await.unwrap()
}

#[tokio::test]
async fn it_is_the_one_that_the_site_has_when_its_first_post_is_there() {
    let site = Site::new().await;
    assert_eq!(kept(&site).await, None);
    for origin in ["http://localhost:3000", "https://paper.example"] {
        first_origin::keep(&at(&site, origin)).await.unwrap();
        assert_eq!(kept(&site).await.as_deref(), Some(origin));
    }
    let ada = site.member("ada").await;
    site.publish(&ada, "First").await;
    let elsewhere = at(&site, "https://news.example");
    first_origin::keep(&elsewhere).await.unwrap();
    first_origin::adopt(&elsewhere, "https://imported.example")
        .await
        .unwrap();
    assert_eq!(kept(&site).await.as_deref(), Some("https://paper.example"));
    assert_eq!(
        first_origin::current(&elsewhere).await.unwrap(),
        "https://paper.example"
    );
}

#[tokio::test]
async fn a_site_that_has_posts_from_before_keeps_the_one_that_it_has_now() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.publish(&ada, "First").await;
    let before = first_origin::current(&site.state).await.unwrap();
    assert_eq!(before, site.state.settings.site_url.origin());
    first_origin::keep(&site.state).await.unwrap();
    first_origin::keep(&at(&site, "https://news.example"))
        .await
        .unwrap();
    assert_eq!(kept(&site).await, Some(before));
}

#[tokio::test]
async fn of_servers_that_start_at_the_same_time_one_decides() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.publish(&ada, "First").await;
    let servers: Vec<AppState> = (0..8)
        .map(|number| at(&site, &format!("https://{number}.example")))
        .collect();
    for started in join_all(servers.iter().map(first_origin::keep)).await {
        started.unwrap();
    }
    let first = kept(&site).await;
    assert!(first.is_some());
    for started in join_all(servers.iter().map(first_origin::keep)).await {
        started.unwrap();
    }
    assert_eq!(kept(&site).await, first);
}

#[test]
fn an_origin_is_a_scheme_a_host_and_a_port() {
    for good in [
        "http://localhost:3000",
        "https://paper.example",
        "https://[::1]:8443",
    ] {
        assert!(first_origin::is_origin(good), "{good}");
    }
    for bad in [
        "",
        "paper.example",
        "https://paper.example/",
        "https://paper.example/post",
        "https://paper.example:443",
        "https://Paper.example",
        "https://b\u{fc}cher.example",
        "ftp://paper.example",
        "javascript:alert(1)",
        "https://a\nb",
    ] {
        assert!(!first_origin::is_origin(bad), "{bad}");
    }
}
