//! Tests of closing connections to make room for others.

use std::time::Duration;

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::served::{ServedSite, beginning, form, read, status};

#[tokio::test]
async fn idle_connections_are_closed_when_others_need_their_room() {
    let site = ServedSite::with(|config| {
        config.network.connections = 16;
        // No connection is closed because of a timeout.
        config.network.first_head = Duration::from_mins(5);
        config.trusted_proxies = vec!["127.0.0.2/32".parse().unwrap()];
    })
    .await;
    // A request that has begun is completed.
    let mut begun = site.connect_from("127.0.0.3").await;
    begun.write_all(form("/login", 20).as_bytes()).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    let mut idle = Vec::new();
    for number in 0..200 {
        let mut socket = site.connect_from("127.0.0.2").await;
        if number % 3 == 0 {
            socket
                .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
                .await
                .unwrap();
        } else if number % 3 == 1 {
            socket.write_all(b"GE").await.unwrap();
        }
        idle.push(socket);
    }
    let answer = timeout(Duration::from_secs(30), site.get("/")).await.unwrap();
    assert_eq!(status(&answer), "200");
    begun.write_all(b"login=ada&password=b").await.unwrap();
    assert_eq!(status(&beginning(&mut begun).await), "401");
    // The first idle connection has been closed to make room, the last one has not.
    timeout(Duration::from_secs(15), read(idle.first_mut().unwrap()))
        .await
        .unwrap();
    let last = idle.last_mut().unwrap();
    assert!(
        timeout(Duration::from_millis(300), last.read(&mut [0]))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_connection_that_makes_room_sends_its_last_answer_to_the_end() {
    // The response is larger than the buffers of the system for a client that does not read.
    const LENGTH: usize = 16 * 1024 * 1024;
    let large = Router::new().route("/large", get(async || "a".repeat(LENGTH)));
    let site = ServedSite::and_with(large, |config| config.network.connections = 2).await;
    let slow = TcpSocket::new_v4().unwrap();
    slow.set_recv_buffer_size(4_096).unwrap();
    slow.bind("127.0.0.3:0".parse().unwrap()).unwrap();
    let mut slow = slow.connect(site.address).await.unwrap();
    slow.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 12];
    slow.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    // This connection takes the second place, and is closed in favour of the next one.
    let _idle = site.connect_from("127.0.0.4").await;
    let mut next = site.connect_from("127.0.0.5").await;
    next.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(status(&beginning(&mut next).await), "200");
    let rest = timeout(Duration::from_mins(1), read(&mut slow)).await.unwrap();
    let (_, body) = rest.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), LENGTH);
}

/// Takes both places of a site with requests that have begun.
async fn take_both(site: &ServedSite) -> [TcpStream; 2] {
    let mut begun = [
        site.connect_from("127.0.0.3").await,
        site.connect_from("127.0.0.4").await,
    ];
    for socket in &mut begun {
        let head = form("/login", 20).replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        assert!(beginning(socket).await.starts_with("HTTP/1.1 100"));
    }
    begun
}

/// Opens connections with a request each, of which one waits for a place and the others are in the backlog.
async fn wait_for_places(site: &ServedSite) -> Vec<TcpStream> {
    let mut waiting = Vec::new();
    for address in ["127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8"] {
        let mut socket = site.connect_from(address).await;
        socket
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        waiting.push(socket);
    }
    sleep(Duration::from_millis(300)).await;
    waiting
}

async fn complete(begun: [TcpStream; 2]) {
    for mut socket in begun {
        socket.write_all(b"login=ada&password=b").await.unwrap();
        assert_eq!(status(&beginning(&mut socket).await), "401");
    }
}

#[tokio::test]
async fn a_new_connection_is_not_closed_for_another_before_its_request_is_read() {
    let site = ServedSite::with(|config| config.network.connections = 2).await;
    let begun = take_both(&site).await;
    let waiting = wait_for_places(&site).await;
    complete(begun).await;
    for mut socket in waiting {
        assert_eq!(status(&beginning(&mut socket).await), "200");
    }
}

// P9
#[tokio::test]
async fn connections_that_wait_for_a_place_at_a_stop_are_answered() {
    let site = ServedSite::with(|config| config.network.connections = 2).await;
    let begun = take_both(&site).await;
    let waiting = wait_for_places(&site).await;
    site.stop.send(()).unwrap();
    // New connections are accepted for two seconds after a stop was requested.
    sleep(Duration::from_secs(3)).await;
    complete(begun).await;
    for mut socket in waiting {
        assert_eq!(status(&beginning(&mut socket).await), "200");
    }
    timeout(Duration::from_secs(30), site.running)
        .await
        .unwrap()
        .unwrap();
}
