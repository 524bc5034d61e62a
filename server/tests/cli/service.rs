//! The program under a supervisor.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread::sleep,
    time::Duration,
};

use crate::site::Site;

#[test]
fn a_supervisor_learns_when_the_site_is_up_and_when_it_stops_and_it_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    Site::start(&folder, &[]).end();
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
                        content-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\nemail";
            socket.write_all(head.as_bytes()).unwrap();
            socket
        })
        .collect();
    // All have reached the site.
    sleep(Duration::from_millis(500));
    site.stop();
    // By now it takes nobody any more.
    sleep(Duration::from_secs(4));
    assert!(TcpStream::connect(("127.0.0.1", site.port)).is_err());
    for socket in &mut begun {
        socket.write_all(b"=ada").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer:?}");
    }
    assert_eq!(site.process.wait().unwrap().code(), Some(0));
}
