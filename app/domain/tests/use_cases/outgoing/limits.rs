//! Tests of the limits of time, size and concurrency.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::header;
use domain::platform::outgoing::{OutgoingClient, OutgoingError, OutgoingRequest};
use futures::{
    FutureExt,
    future::{join_all, pending, ready},
};
use tokio::{
    io::AsyncWriteExt,
    sync::{Barrier, mpsc},
    time::{sleep, timeout},
};

use super::{
    get, local, refusal, send, settings,
    web_server::{WebServer, ok, response},
};

const MIB: usize = 1024 * 1024;

/// Returns a client that waits for responses for a short time only.
fn impatient() -> OutgoingClient {
    let mut settings = settings(&["127.0.0.0/8"]);
    settings.response_timeout = Duration::from_millis(300);
    OutgoingClient::new(settings)
}

#[tokio::test]
async fn a_response_that_takes_too_long_is_given_up() {
    for begin in ["", "HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        // It is this server that is slow: a byte at a time, for as long as the client stays.
        let server = WebServer::streaming(move |_, mut socket| async move {
            let mut bytes = begin.as_bytes().iter().chain(std::iter::repeat(&b'x'));
            while socket.write_all(&[*bytes.next().unwrap()]).await.is_ok() {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        let refused = refusal(&impatient(), &server.url("127.0.0.1")).await;
        // Without a status line, the first bytes are not HTTP.
        let expected = if begin.is_empty() {
            OutgoingError::Connection
        } else {
            OutgoingError::TimedOut
        };
        assert_eq!(refused, Some(expected), "{begin:?}");
    }
    let silent = WebServer::streaming(|_, socket| async move {
        pending::<()>().await;
        drop(socket);
    })
    .await;
    let refused = refusal(&impatient(), &silent.url("127.0.0.1")).await;
    assert_eq!(refused, Some(OutgoingError::TimedOut));
}

#[tokio::test]
async fn a_body_without_an_end_is_read_up_to_the_limit() {
    for head in ["", "transfer-encoding: chunked\r\n"] {
        let (closed, mut seen) = mpsc::channel(1);
        let server = WebServer::streaming(move |_, mut socket| {
            let closed = closed.clone();
            async move {
                let start = format!("HTTP/1.1 200 OK\r\n{head}\r\n");
                socket.write_all(start.as_bytes()).await.unwrap();
                let part = [b"1000\r\n", &[b'x'; 0x1000][..], b"\r\n"].concat();
                while socket.write_all(&part).await.is_ok() {}
                closed.send(()).await.unwrap();
            }
        })
        .await;
        let refused = refusal(&local(), &server.url("127.0.0.1")).await;
        assert_eq!(refused, Some(OutgoingError::TooLarge), "{head:?}");
        timeout(Duration::from_secs(20), seen.recv())
            .await
            .unwrap()
            .unwrap();
    }
}

#[tokio::test]
async fn a_body_is_as_large_as_the_request_allows() {
    let server = WebServer::start(|_| ok(vec![b'x'; 8 * MIB])).await;
    let url = server.url("127.0.0.1");
    assert_eq!(refusal(&local(), &url).await, Some(OutgoingError::TooLarge));
    let one_less = OutgoingRequest::get(&url).limit(8 * MIB - 1);
    let refused = send(&local(), one_less).await.err();
    assert_eq!(refused, Some(OutgoingError::TooLarge));
    let enough = OutgoingRequest::get(&url).limit(8 * MIB);
    assert_eq!(send(&local(), enough).await.unwrap().body.len(), 8 * MIB);

    let exact = WebServer::start(|_| ok(vec![b'x'; MIB])).await;
    let found = get(&local(), &exact.url("127.0.0.1")).await.unwrap();
    assert_eq!(found.body.len(), MIB);
}

#[tokio::test]
async fn a_length_that_is_wrong_brings_neither_more_nor_less_than_the_body() {
    for (head, body, expected) in [
        ("content-length: 5\r\n", "hello and more", Ok("hello")),
        ("content-length: 50\r\n", "hello", Err(OutgoingError::Connection)),
        (
            "content-length: 2000000\r\n",
            "hello",
            Err(OutgoingError::TooLarge),
        ),
        (
            "content-length: 99999999999999999999999\r\n",
            "hello",
            Err(OutgoingError::Connection),
        ),
        (
            "content-length: 5\r\ncontent-length: 6\r\n",
            "hello",
            Err(OutgoingError::Connection),
        ),
        (
            "transfer-encoding: chunked\r\n",
            "ffffffffffffffff0\r\nhello",
            Err(OutgoingError::Connection),
        ),
        (
            "transfer-encoding: chunked\r\n",
            "5\r\nhello\r\n",
            Err(OutgoingError::Connection),
        ),
    ] {
        let server = WebServer::start(move |_| format!("HTTP/1.1 200 OK\r\n{head}\r\n{body}").into()).await;
        let found = get(&local(), &server.url("127.0.0.1")).await;
        let found = found.map(|response| String::from_utf8(response.body.to_vec()).unwrap());
        assert_eq!(found, expected.map(str::to_owned), "{head}");
    }
}

#[tokio::test]
async fn a_head_without_an_end_is_not_a_response() {
    let server = WebServer::streaming(|_, mut socket| async move {
        let mut part = b"HTTP/1.1 200 OK\r\n".to_vec();
        while socket.write_all(&part).await.is_ok() {
            part = b"x-more: of the same\r\n".repeat(100);
        }
    })
    .await;
    let refused = refusal(&local(), &server.url("127.0.0.1")).await;
    assert_eq!(refused, Some(OutgoingError::Connection));
}

/// Returns `bytes` zeros in gzip format (RFC 1952).
fn gzip(bytes: usize) -> Vec<u8> {
    let zeros = vec![0; bytes];
    let zlib = fdeflate::compress_to_vec(&zeros);
    // The zlib format (RFC 1950) has two bytes before the compressed data and four after it.
    let deflated = zlib.get(2..zlib.len() - 4).unwrap();
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let sum = crc32fast::hash(&zeros).to_le_bytes();
    let length = u32::try_from(bytes).unwrap().to_le_bytes();
    [&head, deflated, &sum, &length].concat()
}

#[tokio::test]
async fn a_compressed_body_is_returned_as_it_was_sent() {
    let bomb = gzip(64 * MIB);
    assert!(bomb.len() < MIB);
    let sent = bomb.clone();
    let server = WebServer::start(move |_| response("200 OK", "content-encoding: gzip\r\n", &sent)).await;
    let found = get(&local(), &server.url("127.0.0.1")).await.unwrap();
    assert!(found.body == bomb);
    assert_eq!(found.headers[header::CONTENT_ENCODING], "gzip");
}

/// Returns a client for which both `peer.example` and `peer.example.` are this machine.
fn of_peer(response_timeout: Duration) -> OutgoingClient {
    let mut settings = settings(&["127.0.0.0/8"]);
    settings.response_timeout = response_timeout;
    let address: IpAddr = "127.0.0.1".parse().unwrap();
    OutgoingClient::with_lookup(settings, Arc::new(move |_| ready(Ok(vec![address])).boxed()))
}

/// Returns the URLs of twelve requests to one host, written in three ways.
fn twelve(server: &WebServer) -> Vec<String> {
    let hosts = ["peer.example", "PEER.example", "peer.example."];
    hosts
        .iter()
        .cycle()
        .take(12)
        .map(|host| server.url(host))
        .collect()
}

#[tokio::test]
async fn four_requests_to_one_host_are_sent_at_a_time() {
    let (active, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let seen = Arc::clone(&most);
    // Responses begin when four requests have arrived.
    let barrier = Arc::new(Barrier::new(4));
    let server = WebServer::streaming(move |_, mut socket| {
        let (active, most, barrier) = (Arc::clone(&active), Arc::clone(&most), Arc::clone(&barrier));
        async move {
            most.fetch_max(active.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            barrier.wait().await;
            active.fetch_sub(1, Ordering::SeqCst);
            socket.write_all(&ok("hello")).await.unwrap();
        }
    })
    .await;
    let client = of_peer(Duration::from_secs(20));
    let urls = twelve(&server);
    let responses = join_all(urls.iter().map(|url| get(&client, url))).await;
    assert!(responses.iter().all(Result::is_ok), "{responses:?}");
    assert_eq!(seen.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn requests_that_wait_for_others_to_their_host_time_out_and_other_hosts_do_not_wait() {
    // The quick response begins when four slow requests have arrived.
    let barrier = Arc::new(Barrier::new(5));
    let server = WebServer::streaming(move |path, mut socket| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait().await;
            if path == "/quick" {
                socket.write_all(&ok("hello")).await.unwrap();
            }
            pending::<()>().await;
        }
    })
    .await;
    let client = of_peer(Duration::from_secs(2));
    let other = format!("{}quick", server.url("other.example"));
    let urls = twelve(&server);
    let slow = join_all(urls.iter().map(|url| refusal(&client, url)));
    let quick = async {
        let response = get(&client, &other).await;
        // When the first requests time out, others may still begin before their own time is over.
        (response, server.connections())
    };
    let (refused, (quick, connections)) = tokio::join!(slow, quick);
    assert_eq!(refused, [Some(OutgoingError::TimedOut); 12]);
    assert_eq!(quick.unwrap().body, "hello");
    assert_eq!(connections, 5);
}
