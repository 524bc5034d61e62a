//! Tests of the site on a real socket: the effect of one visitor on others, and a stop that completes all requests.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::served::{ServedSite, beginning, form, read, status};

/// The interim response of a server that is about to read a body (RFC 9110, 15.2.1).
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

// AVL-01
#[tokio::test]
async fn sockets_that_say_next_to_nothing_are_closed_and_hold_nobody_up() {
    let site = ServedSite::new().await;
    let mut slow = Vec::new();
    for number in 0..1_000 {
        // These connections come from another address than the other visitors.
        let mut socket = site.connect_from("127.0.0.2").await;
        // Some connections send nothing at all.
        if number % 2 == 0 {
            // An address cannot have that many connections, so some are closed immediately.
            let _ = socket.write_all(b"G").await;
        }
        slow.push(socket);
    }
    assert_eq!(status(&site.get("/").await), "200");
    let closed = async {
        for (number, mut socket) in slow.into_iter().enumerate() {
            if number % 2 == 0 {
                // Sends another byte just before the timeout.
                let _ = socket.write_all(b"E").await;
            }
            read(&mut socket).await;
        }
    };
    timeout(Duration::from_secs(15), closed).await.unwrap();
    assert_eq!(status(&site.get("/").await), "200");
}

// AVL-02
#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused() {
    let site = ServedSite::new().await;
    let mut socket = site.connect().await;
    let head = "POST /login HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nlogin=";
    socket.write_all(head.as_bytes()).await.unwrap();
    let answer = timeout(Duration::from_secs(15), read(&mut socket)).await.unwrap();
    assert_eq!(status(&answer), "408");
}

// AVL-02
#[tokio::test]
async fn who_has_sent_much_at_once_may_stall_no_longer_than_others() {
    let site = ServedSite::with(|config| config.network.body_stall = Duration::from_secs(1)).await;
    let stalled = async |path: &str, length: usize, drips: usize| {
        let mut socket = site.connect().await;
        socket.write_all(form(path, length).as_bytes()).await.unwrap();
        let sent = length - 64;
        socket.write_all(&vec![b'a'; sent]).await.unwrap();
        for _ in 0..drips {
            sleep(Duration::from_millis(200)).await;
            // Writing fails if the connection has been closed after the response.
            let _ = socket.write_all(b"a").await;
        }
        let answer = timeout(Duration::from_secs(15), read(&mut socket)).await.unwrap();
        assert_eq!(status(&answer), "408", "{path} {length}");
        assert!(answer.contains("connection: close"), "{answer}");
    };
    tokio::join!(
        stalled("/login", 60_000, 0),
        stalled("/login", 60_000, 15),
        stalled("/post/new", 2_000_000, 0),
        stalled("/post/new", 2_000_000, 15),
        stalled("/theme", 10_000, 0),
    );
}

#[tokio::test]
async fn who_sends_slowly_and_steadily_is_answered() {
    let site = ServedSite::with(|config| {
        config.network.body_stall = Duration::from_secs(1);
        config.network.body_rate = 1_024;
    })
    .await;
    let mut socket = site.connect().await;
    let body = format!("login=ada&password={}", "a".repeat(9_000 - 19));
    socket
        .write_all(form("/login", body.len()).as_bytes())
        .await
        .unwrap();
    // Sends at twice the minimum rate, for three times as long as a client may stall.
    for part in body.as_bytes().chunks(300) {
        socket.write_all(part).await.unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(
        status(&beginning(&mut socket).await),
        "422",
        "the password is too long"
    );
}

#[tokio::test]
async fn bodies_beyond_the_memory_for_them_are_put_off() {
    const LENGTH: usize = 400_000;
    let site = ServedSite::with(|config| {
        config.network.body_memory = 1024 * 1024;
        config.network.body_wait = Duration::from_millis(100);
        config.network.body_stall = Duration::from_mins(1);
    })
    .await;
    let begin = async |address: &str| {
        let mut socket = site.connect_from(address).await;
        socket
            .write_all(form("/post/new", LENGTH).as_bytes())
            .await
            .unwrap();
        socket.write_all(&vec![b'a'; LENGTH - 1]).await.unwrap();
        socket
    };
    let end = async |mut socket: TcpStream| {
        socket.write_all(b"a").await.unwrap();
        beginning(&mut socket).await
    };
    let held = begin("127.0.0.2").await;
    // The requests have arrived by now.
    sleep(Duration::from_millis(500)).await;
    let refused = end(begin("127.0.0.2").await).await;
    assert_eq!(status(&refused), "503", "one client has half");
    assert!(refused.contains("retry-after: "), "{refused}");
    let others = begin("127.0.0.3").await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(
        status(&end(begin("127.0.0.4").await).await),
        "503",
        "there is no more"
    );
    // A small form has a budget of its own, and requests without a body need no memory.
    let mut small = site.connect_from("127.0.0.4").await;
    let body = "login=ada&password=";
    let request = form("/login", body.len() + 1);
    small.write_all((request + body).as_bytes()).await.unwrap();
    assert_eq!(status(&end(small).await), "401");
    assert_eq!(status(&site.get("/").await), "200");
    // The status is 401 because nobody is logged in.
    assert_eq!(status(&end(held).await), "401");
    assert_eq!(status(&end(others).await), "401");
    assert_eq!(
        status(&end(begin("127.0.0.2").await).await),
        "401",
        "it is free again"
    );
}

// AVL-03
#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let site = ServedSite::new().await;
    let request =
        |line: &str, field: &str| format!("GET {line} HTTP/1.1\r\nhost: localhost\r\n{field}\r\n\r\n");
    let long = format!("a: {}", "b".repeat(64 * 1_024));
    let many = (0..200).fold(String::new(), |fields, number| {
        fields + &format!("a{number}: b\r\n")
    });
    for (request, expected) in [
        (request("/", &long), "431"),
        (request("/", &many), "431"),
        (
            request(&format!("/{}", "a".repeat(10_000)), "connection: close"),
            "414",
        ),
        (request("/", "connection: close"), "200"),
    ] {
        let answer = site.answer(request.as_bytes()).await;
        assert_eq!(status(&answer), expected);
    }
}

// AVL-09
#[tokio::test]
async fn a_stop_answers_what_has_begun_and_says_that_it_is_not_ready() {
    let site = ServedSite::new().await;
    assert_eq!(status(&site.get("/readyz").await), "200");
    let mut begun = Vec::new();
    for _ in 0..100 {
        let mut socket = site.connect().await;
        let head = "POST /login HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
                    content-type: application/x-www-form-urlencoded\r\ncontent-length: 20\r\nexpect: 100-continue\r\n\r\n";
        socket.write_all(head.as_bytes()).await.unwrap();
        begun.push(socket);
    }
    // The responses show that the site has begun to read all of the requests.
    for socket in &mut begun {
        let mut reached = [0; CONTINUE.len()];
        let read = timeout(Duration::from_secs(15), socket.read_exact(&mut reached)).await;
        read.unwrap().unwrap();
        assert_eq!(reached, *CONTINUE.as_bytes());
    }
    site.stop.send(()).unwrap();
    sleep(Duration::from_millis(100)).await;
    let ready = TcpStream::connect(site.address).await.unwrap();
    let mut ready = ready;
    ready
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let ready = read(&mut ready).await;
    assert_eq!(status(&ready), "503");
    assert!(ready.contains("\"stopping\":true"), "{ready}");

    // The clients continue only after the stop was requested, and all at the same time, because a stalled body is
    // rejected after ten seconds.
    for socket in &mut begun {
        socket.write_all(b"login=ada&password=b").await.unwrap();
    }
    let mut answered = 0;
    for mut socket in begun {
        if status(&read(&mut socket).await) == "401" {
            answered += 1;
        }
    }
    assert_eq!(answered, 100);
    timeout(Duration::from_secs(30), site.running)
        .await
        .unwrap()
        .unwrap();
    assert!(TcpStream::connect(site.address).await.is_err());
}

#[tokio::test]
async fn a_request_names_one_host() {
    let site = ServedSite::new().await;
    let ask = async |head: &str| {
        let request = format!("{head}connection: close\r\n\r\n");
        let answer = timeout(Duration::from_secs(15), site.answer(request.as_bytes())).await;
        let answer = answer.unwrap();
        if status(&answer) == "400" {
            // A developer who sends such a request finds the headers of every response.
            assert!(
                answer.contains("x-content-type-options: nosniff"),
                "{head:?}: {answer}"
            );
        }
        status(&answer).to_owned()
    };
    for path in ["/", "/healthz", "/readyz", "/favicon.svg", "/nowhere", "/post/1"] {
        for (version, hosts) in [
            ("1.1", ""),
            ("1.1", "host: localhost\r\nhost: example.org\r\n"),
            ("1.1", "host: localhost\r\nHost: localhost\r\n"),
            ("1.0", "host: localhost\r\nhost: example.org\r\n"),
            ("1.1", "host:\r\n"),
            ("1.1", "host: \r\n"),
            ("1.0", "host: \r\n"),
            ("1.1", "host: local host\r\n"),
            ("1.1", "host: ada@localhost\r\n"),
            ("1.1", "host: localhost/path\r\n"),
            ("1.1", "host: localhost:http\r\n"),
            ("1.1", "host: localhost:99999\r\n"),
            ("1.1", "host: :3000\r\n"),
            ("1.1", "host: [::1\r\n"),
            ("1.1", "host: loc\u{e4}lhost\r\n"),
        ] {
            let head = format!("GET {path} HTTP/{version}\r\n{hosts}");
            assert_eq!(ask(&head).await, "400", "{head:?}");
        }
    }
    for (target, version, hosts, expected) in [
        ("/", "1.1", "host: localhost:3000\r\n", "200"),
        ("/", "1.1", "host: localhost:\r\n", "200"),
        ("/", "1.1", "host: [::1]:3000\r\n", "200"),
        // HTTP/1.0 is older than the field `Host`.
        ("/", "1.0", "", "200"),
        ("/healthz", "1.0", "", "200"),
        // The host of the target takes precedence over the field (RFC 9112, 3.2.2).
        ("http://localhost:3000/", "1.1", "host: other.example\r\n", "200"),
        ("http://other.example/", "1.1", "host: localhost:3000\r\n", "421"),
        ("http://localhost:3000/", "1.1", "", "400"),
        (
            "http://ada@localhost:3000/",
            "1.1",
            "host: localhost:3000\r\n",
            "400",
        ),
    ] {
        let head = format!("GET {target} HTTP/{version}\r\n{hosts}");
        assert_eq!(ask(&head).await, expected, "{head:?}");
    }
}
