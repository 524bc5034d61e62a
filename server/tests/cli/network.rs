//! Tests of the memory and file descriptors that visitors use.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
    time::timeout,
};

use crate::{
    program::program,
    site::{Site, free_port, png},
};

const MIB: u64 = 1024 * 1024;

/// Returns the value of the line `name` in the status of the process with this id, in bytes.
fn memory(process: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    let kilobytes: u64 = line
        .trim_matches([':', '\t', ' '])
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    kilobytes * 1024
}

/// Sends all but the last 64 bytes of a form of 2 MiB to `path`. Returns the status of the response after the
/// connection has been closed.
async fn half_send(port: u16, path: &str) -> String {
    const LENGTH: usize = 2 * 1024 * 1024;
    let mut socket = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {LENGTH}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // The server may close the connection of a rejected client while it is still sending.
    let _ = socket.write_all(&vec![b'a'; LENGTH - 64]).await;
    let mut answer = Vec::new();
    let mut some = [0; 1_024];
    while let Ok(count @ 1..) = socket.read(&mut some).await {
        answer.extend_from_slice(some.get(..count).unwrap());
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.split(' ').nth(1).unwrap_or("none").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_forms_take_little_memory_and_give_it_back() {
    let folder = tempfile::tempdir().unwrap();
    // In the second case, the client counts as a trusted proxy, whose connections are not limited.
    for (path, trusted) in [("/login", "10.0.0.0/8"), ("/post/new", "127.0.0.0/8")] {
        let log = folder.path().join("log");
        let settings = [
            ("BROADSHEET_TRUSTED_PROXIES", trusted),
            ("BROADSHEET_LOG_FILE", log.to_str().unwrap()),
        ];
        let site = Site::start(&folder, &settings);
        let process = site.process.id();
        // The memory for the first response does not count as growth.
        assert_eq!(site.visitor().get("/login").unwrap().status, 200);
        let before = memory(process, "VmRSS");
        let mut visitors = JoinSet::new();
        for _ in 0..400 {
            visitors.spawn(half_send(site.port, path));
        }
        let statuses = timeout(Duration::from_secs(90), visitors.join_all())
            .await
            .unwrap();
        let (most, after) = (memory(process, "VmHWM"), memory(process, "VmRSS"));
        for status in statuses {
            assert!(
                ["408", "413", "503", "none"].contains(&status.as_str()),
                "{status}"
            );
        }
        let growth = most.saturating_sub(before) / MIB;
        assert!(growth <= 128, "{path}: {growth} MiB were taken");
        let kept = after.saturating_sub(before) / MIB;
        // The allocator keeps some of it for later use.
        assert!(kept <= 112, "{path}: {kept} MiB were kept");
        site.end();
        // None of this is an error of the site.
        let log = fs::read_to_string(log).unwrap();
        assert!(!log.contains("ERROR"), "{log}");
    }
}

/// Returns the status of the response to a GET request, with a timeout.
fn get(port: u16, path: &str) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // If the connection is reset, there is no status.
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.split(' ').nth(1).unwrap_or("none").to_owned()
}

#[test]
fn idle_connections_leave_descriptors_for_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let metrics = free_port();
    let metrics_listen = format!("127.0.0.1:{metrics}");
    let log = folder.path().join("log");
    let settings = [
        ("BROADSHEET_METRICS_LISTEN", metrics_listen.as_str()),
        ("BROADSHEET_LOG_FILE", log.to_str().unwrap()),
    ];
    let few = |settings: &[(&str, &str)]| {
        let bare = program(&folder, settings);
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -n 64; exec \"$0\""])
            .arg(bare.get_program())
            .current_dir(folder.path())
            .env_clear()
            .envs(settings.iter().copied());
        command
    };
    let site = Site::run(few, folder.path(), &settings);
    let ada = site.member("ada");
    let idle = |port| -> Vec<TcpStream> {
        (0..120)
            .map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap())
            .collect()
    };
    let _idle = (idle(site.port), idle(metrics));
    for path in ["/healthz", "/readyz", "/explore", "/about"] {
        assert_eq!(get(site.port, path), "200", "{path}");
    }
    assert_eq!(get(metrics, "/metrics"), "200");
    // Uploading and serving a picture opens files.
    let answer = ada.upload(&png()).unwrap();
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = ada.get("/account/picture").unwrap().text();
    let picture = page
        .split('"')
        .find(|part| part.starts_with("/media/picture/"))
        .unwrap();
    assert_eq!(get(site.port, picture), "200");
    // The log contains the maximum number of connections and the reason for it.
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("descriptors") && log.contains("64"), "{log}");
    site.end();
}
