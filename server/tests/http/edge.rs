//! The site on a real socket: what one visitor may cost the others, and a stop that loses no answer.

use std::{net::SocketAddr, time::Duration};

use server::application::Application;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::config::config;

/// A site that is being served, until it is stopped.
struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    _folder: TempDir,
}

impl Served {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let application = Application::build(&config("http://localhost:3000", folder.path()))
            .await
            .unwrap();
        let address = application.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(application.run_until(async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            running,
            _folder: folder,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// What the site answers to these bytes, until it closes the connection.
    async fn answer(&self, request: &[u8]) -> String {
        let mut socket = self.connect().await;
        socket.write_all(request).await.unwrap();
        read(&mut socket).await
    }

    async fn get(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        self.answer(request.as_bytes()).await
    }
}

/// All that comes; a connection that is reset ends it as well.
async fn read(socket: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut some = [0; 8_192];
    while let Ok(count @ 1..) = socket.read(&mut some).await {
        answer.extend_from_slice(some.get(..count).unwrap());
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

// AVL-01
#[tokio::test]
async fn sockets_that_say_next_to_nothing_are_closed_and_hold_nobody_up() {
    let site = Served::new().await;
    let mut slow = Vec::new();
    for number in 0..1_000 {
        let socket = TcpSocket::new_v4().unwrap();
        // One visitor, who is not the one that the others are.
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let mut socket = socket.connect(site.address).await.unwrap();
        // Some say nothing at all.
        if number % 2 == 0 {
            // One visitor has not room for as many connections as that: some are closed at once.
            let _ = socket.write_all(b"G").await;
        }
        slow.push(socket);
    }
    assert_eq!(status(&site.get("/").await), "200");
    let closed = async {
        for (number, mut socket) in slow.into_iter().enumerate() {
            if number % 2 == 0 {
                // One more byte, just before it would be too late.
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
    let site = Served::new().await;
    let mut socket = site.connect().await;
    let head = "POST /login HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nlogin=";
    socket.write_all(head.as_bytes()).await.unwrap();
    let answer = timeout(Duration::from_secs(15), read(&mut socket)).await.unwrap();
    assert_eq!(status(&answer), "408");
}

// AVL-03
#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let site = Served::new().await;
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
    let site = Served::new().await;
    assert_eq!(status(&site.get("/readyz").await), "200");
    let mut begun = Vec::new();
    for _ in 0..100 {
        let mut socket = site.connect().await;
        let head = "POST /login HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
                    content-type: application/x-www-form-urlencoded\r\ncontent-length: 20\r\n\r\n";
        socket.write_all(head.as_bytes()).await.unwrap();
        begun.push(socket);
    }
    // All have reached the site.
    sleep(Duration::from_millis(300)).await;
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

    let mut answered = 0;
    for mut socket in begun {
        // The client goes on only now that the site is stopping.
        socket.write_all(b"login=ada&password=b").await.unwrap();
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
