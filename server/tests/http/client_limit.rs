//! Tests of the number of responses that are created concurrently for one client.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
    routing::get,
};
use futures::future::join_all;
use server::config::Concurrency;
use tokio::{sync::Semaphore, task::JoinHandle, time::timeout};

use crate::persona::{Answer, Site};

/// Starts a site that processes `per_client` requests of a client concurrently. Others wait for `timeout`.
async fn site(per_client: usize, timeout: Duration) -> Site {
    Site::with("http://localhost:3000", |config| {
        config.concurrency = Some(Concurrency { per_client, timeout });
    })
    .await
}

/// Sends requests for `paths` from clients at `addresses` at the same time. Returns the responses.
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

/// Returns the paths of pages that are not cached.
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

/// A route whose responses are delayed until the gate is opened.
#[derive(Clone)]
struct Gate {
    begun: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    // Not the address of a page, whose concurrent requests would share one response.
    const PATH: &str = "/test/gate";

    /// Returns the gate and its site, which processes `per_client` requests of a client concurrently and rejects others
    /// immediately.
    async fn of_site(per_client: usize) -> (Self, Site) {
        let gate = Self {
            begun: Arc::new(Semaphore::new(0)),
            open: Arc::new(Semaphore::new(0)),
        };
        let waiting = gate.clone();
        let route = Router::new().route(Self::PATH, get(async move || waiting.pass().await));
        let site = Site::and_with(route, |config| {
            let timeout = Duration::ZERO;
            config.concurrency = Some(Concurrency { per_client, timeout });
        });
        (gate, site.await)
    }

    async fn pass(&self) {
        self.begun.add_permits(1);
        self.open.acquire().await.unwrap().forget();
    }

    /// Sends requests from the clients at `addresses`, which are held until they are released.
    async fn hold(&self, site: &Site, addresses: &[&str]) -> Vec<JoinHandle<StatusCode>> {
        let ask = |address: &&str| {
            let visitor = site.visitor_from(address);
            tokio::spawn(async move { visitor.get(Self::PATH).await.status })
        };
        let asked = addresses.iter().map(ask).collect();
        let count = u32::try_from(addresses.len()).unwrap();
        let begun = timeout(Duration::from_secs(15), self.begun.acquire_many(count)).await;
        begun.expect("all have a turn").unwrap().forget();
        asked
    }

    /// Releases the held requests. Returns their statuses.
    async fn let_go(&self, held: Vec<JoinHandle<StatusCode>>) -> Vec<StatusCode> {
        self.open.add_permits(held.len());
        let answered = timeout(Duration::from_secs(15), join_all(held)).await;
        let answered = answered.expect("all are answered");
        answered.into_iter().map(Result::unwrap).collect()
    }
}

#[tokio::test]
async fn a_client_that_would_wait_too_long_is_told_when_to_come_back() {
    let (gate, site) = Gate::of_site(2).await;
    let client = "192.0.2.1";
    let held = gate.hold(&site, &[client; 2]).await;
    let paths = ["/about?number=1", "/user/nobody", "/_/posts?page=1"];
    for path in paths {
        let refused = site.visitor_from(client).get(path).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(refused.header("retry-after"), "5");
    }
    assert_eq!(gate.let_go(held).await, [StatusCode::OK; 2]);
    for path in paths {
        let answer = site.visitor_from(client).get(path).await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
}

#[tokio::test]
async fn others_do_not_wait_for_a_client_that_asks_for_much() {
    let (gate, site) = Gate::of_site(2).await;
    let addresses = ["192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"];
    let held = gate.hold(&site, &[addresses, addresses].concat()).await;
    // An IPv6 customer usually has a whole /64 network.
    let neighbour = site.visitor_from("2001:db8:0:1::2").get("/about?number=1").await;
    assert_eq!(neighbour.status, StatusCode::TOO_MANY_REQUESTS);
    let other = site.visitor_from("2001:db8:0:3::1").get("/about?number=1").await;
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(gate.let_go(held).await, [StatusCode::OK; 8]);
}

#[tokio::test]
async fn a_page_that_is_kept_needs_no_turn_and_nobody_gets_anothers_refusal() {
    let (gate, site) = Gate::of_site(1).await;
    let busy = "192.0.2.1";
    let held = gate.hold(&site, &[busy]).await;
    // The busy client sends its request first and is rejected. The others request the same page and are not.
    let home = vec!["/".to_owned(); 3];
    let answers = at_once(&site, &home, &[busy, "192.0.2.2", "192.0.2.3"]).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [429, 200, 200]);
    let answers = at_once(&site, &home, &[busy]).await;
    assert_eq!(counted(&answers), HashMap::from([(StatusCode::OK, 3)]));
    assert_eq!(gate.let_go(held).await, [StatusCode::OK]);
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
