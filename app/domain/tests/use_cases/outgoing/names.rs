//! Tests of looking up host names. The look-up is scripted, everything else is real.

use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::platform::outgoing::{Lookup, OutgoingClient, OutgoingError};
use futures::{
    FutureExt,
    future::{pending, ready},
};

use super::{
    get, refusal, settings,
    web_server::{WebServer, ok},
};

/// Returns a look-up that gives these answers, one after the other.
fn answers(answers: &[&[&str]]) -> Lookup {
    let addresses = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
    let answers: VecDeque<Vec<IpAddr>> = answers.iter().map(addresses).collect();
    let answers = Mutex::new(answers);
    Arc::new(move |_| {
        let answer = answers.lock().unwrap().pop_front();
        ready(answer.ok_or_else(|| io::Error::other("no such host"))).boxed()
    })
}

// INJ-10
#[tokio::test]
async fn a_name_whose_addresses_change_is_connected_to_at_the_address_that_was_checked() {
    let server = WebServer::start(|_| ok("hello")).await;
    let url = server.url("peer.example");
    let lookup = answers(&[&["127.0.0.2"], &["127.0.0.1"], &["127.0.0.2"]]);
    let client = OutgoingClient::with_lookup(settings(&["127.0.0.2/32"]), lookup);
    assert_eq!(get(&client, &url).await.unwrap().body, "hello");
    // A request that is allowed has looked the name up once.
    assert_eq!(refusal(&client, &url).await, Some(OutgoingError::RefusedAddress));
    assert_eq!(get(&client, &url).await.unwrap().body, "hello");
    assert_eq!(server.connections(), 2);
}

// INJ-10
#[tokio::test]
async fn a_name_with_private_addresses_is_connected_to_at_none_of_them() {
    let server = WebServer::start(|_| ok("hello")).await;
    let url = server.url("peer.example");
    let mut strict = settings(&[]);
    strict.ports.push(server.port);
    for answer in [
        &["127.0.0.1"][..],
        &["127.0.0.1", "::1", "127.0.0.2"],
        &["0.0.0.0"],
        &["::"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["169.254.169.254"],
        &["10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1"],
        &["64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1"],
        &["fd00:ec2::254", "fe80::1", "ff02::1"],
    ] {
        let client = OutgoingClient::with_lookup(strict.clone(), answers(&[answer]));
        let refused = refusal(&client, &url).await;
        assert_eq!(refused, Some(OutgoingError::RefusedAddress), "{answer:?}");
    }
    // Of several addresses, only those that are allowed are tried, even if none of them responds.
    let other = url.replace(&server.port.to_string(), "1");
    for (url, expected) in [(&url, None), (&other, Some(OutgoingError::Connection))] {
        let mut settings = settings(&["127.0.0.2/32"]);
        settings.ports.push(server.port);
        let lookup = answers(&[&["127.0.0.1", "127.0.0.2", "::1", "127.0.0.3"]]);
        let client = OutgoingClient::with_lookup(settings, lookup);
        assert_eq!(refusal(&client, url).await, expected);
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_name_without_addresses_is_not_found() {
    let nothing: &[&str] = &[];
    let client = OutgoingClient::with_lookup(settings(&[]), answers(&[nothing]));
    for _ in 0..2 {
        let refused = refusal(&client, "http://peer.example/").await;
        assert_eq!(refused, Some(OutgoingError::UnknownHost));
    }
}

#[tokio::test]
async fn a_name_that_is_looked_up_for_too_long_ends_the_connection() {
    let mut settings = settings(&[]);
    settings.connect_timeout = Duration::from_millis(50);
    settings.response_timeout = Duration::from_hours(1);
    let client = OutgoingClient::with_lookup(settings, Arc::new(|_| pending().boxed()));
    let refused = refusal(&client, "http://peer.example/").await;
    assert_eq!(refused, Some(OutgoingError::TimedOut));
}
