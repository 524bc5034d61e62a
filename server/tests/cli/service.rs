//! Tests of the program under a supervisor.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::fd::OwnedFd,
    process::Command,
};

use crate::{
    program::program,
    site::{Site, free_port},
    wait::{DEADLINE, until},
};

/// The interim response of a server that is about to read a body (RFC 9110, 15.2.1).
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

#[test]
fn a_supervisor_learns_when_the_site_is_up_and_when_it_stops_and_it_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    site.member("ada");
    site.end();
    // The database consists of a single file after the stop.
    let log = folder.path().join("data/broadsheet.sqlite3-wal");
    assert!(!log.exists());
}

// AVL-09
#[test]
fn a_hundred_requests_that_have_begun_are_answered_after_the_site_was_asked_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = Site::start(&folder, &[]);
    let mut begun: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut socket = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
            let head = "POST /forgot_password HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
                        content-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n";
            socket.set_read_timeout(Some(DEADLINE)).unwrap();
            socket.write_all(head.as_bytes()).unwrap();
            // The response shows that the site has begun to read the request.
            let mut reached = [0; CONTINUE.len()];
            socket.read_exact(&mut reached).unwrap();
            assert_eq!(reached, *CONTINUE.as_bytes());
            socket
        })
        .collect();
    site.stop();
    until("nobody is let in any more", || {
        TcpStream::connect(("127.0.0.1", site.port)).is_err()
    });
    for socket in &mut begun {
        socket.write_all(b"email=ada").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer:?}");
    }
    assert_eq!(site.process.wait().unwrap().code(), Some(0));
}

// P9
#[test]
fn a_socket_that_the_supervisor_keeps_open_loses_nobody_while_the_program_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    // systemd passes the socket as file descriptor 3.
    let activated = |settings: &[(&str, &str)]| {
        let bare = program(&folder, settings);
        let mut command = Command::new("sh");
        let script = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\"";
        command
            .args(["-c", script])
            .arg(bare.get_program())
            .current_dir(folder.path())
            .env_clear()
            .envs(settings.iter().copied())
            .stdin(OwnedFd::from(socket.try_clone().unwrap()));
        command
    };
    let ask = || {
        let mut visitor = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let head = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        visitor.write_all(head).unwrap();
        visitor
    };
    let answer = |mut visitor: TcpStream| {
        let mut answer = String::new();
        visitor.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    };
    let site = Site::run(activated, folder.path(), &[]);
    answer(ask());
    site.end();
    let waiting = ask();
    let site = Site::run(activated, folder.path(), &[]);
    answer(waiting);
    site.end();
}

#[test]
fn a_monitoring_system_learns_what_is_asked_and_what_waits_at_an_address_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let metrics = format!("127.0.0.1:{}", free_port());
    let site = Site::start(&folder, &[("BROADSHEET_METRICS_LISTEN", &metrics)]);
    let ada = site.member("ada");
    ada.publish("Post", "Text.").unwrap();
    ada.get("/post/1-post").unwrap();
    ada.get("/nowhere").unwrap();
    // The page is rendered once and sent from the cache three more times.
    let home = format!("http://127.0.0.1:{}/", site.port);
    let first = ureq::get(&home).header("accept", "text/html").call().unwrap();
    let tag = first.headers().get("etag").unwrap().to_str().unwrap().to_owned();
    site.visitor().get("/").unwrap();
    let known = ureq::get(&home)
        .header("accept", "text/html")
        .header("if-none-match", tag);
    assert_eq!(known.call().unwrap().status(), 304);
    assert_eq!(ureq::head(&home).call().unwrap().status(), 200);
    for method in ["AAAA", "BBBB"] {
        let mut socket = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
        let head = format!("{method} / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        socket.read_to_string(&mut String::new()).unwrap();
    }
    assert_eq!(
        ada.get("/metrics").unwrap().status,
        404,
        "none of a visitor's business"
    );
    let told = ureq::get(format!("http://{metrics}/metrics")).call().unwrap();
    let text = told.into_body().read_to_string().unwrap();
    for line in [
        "broadsheet_http_requests_total{method=\"GET\",route=\"/post/{post}\",status=\"200\"} 1",
        "broadsheet_http_requests_total{method=\"POST\",route=\"/post/new\",status=\"303\"} 1",
        "broadsheet_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 2",
        "broadsheet_http_request_duration_seconds_count{route=\"/login\"} 1",
        // Unusual methods are counted together.
        "broadsheet_http_requests_total{method=\"other\",route=\"/\",status=\"405\"} 2",
        "broadsheet_http_requests_total{method=\"GET\",route=\"/\",status=\"200\"} 2",
        "broadsheet_http_requests_total{method=\"GET\",route=\"/\",status=\"304\"} 1",
        "broadsheet_http_requests_total{method=\"HEAD\",route=\"/\",status=\"200\"} 1",
        "broadsheet_password_hashes_waiting 0",
        "broadsheet_jobs{kind=\"mail\",state=\"failed\"} 0",
        "broadsheet_scheduled_overdue_seconds 0",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let statements = text
        .lines()
        .find_map(|line| line.strip_prefix("broadsheet_database_statements_total "));
    assert!(statements.unwrap().parse::<u64>().unwrap() > 10, "{text}");
    site.end();
}
