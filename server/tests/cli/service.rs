//! The program under a supervisor.

use std::{
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixDatagram,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use tempfile::TempDir;

use crate::program::program;

/// A site that tells its supervisor how it is.
struct Service {
    process: Child,
    socket: UnixDatagram,
    _folder: TempDir,
}

impl Drop for Service {
    fn drop(&mut self) {
        // One that has ended cannot be ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Service {
    /// Starts it on `port`, and waits until it is ready.
    fn start(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let listen = format!("127.0.0.1:{port}");
        let settings = [
            ("BROADSHEET_LISTEN", listen.as_str()),
            ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ];
        let process = program(&folder, &settings).stdout(Stdio::null()).spawn().unwrap();
        let service = Self {
            process,
            socket,
            _folder: folder,
        };
        assert!(service.told().contains("READY=1"));
        service
    }

    fn told(&self) -> String {
        let mut message = [0; 256];
        let length = self.socket.recv(&mut message).unwrap();
        String::from_utf8_lossy(message.get(..length).unwrap()).into_owned()
    }

    /// Asks it to stop, and waits until it has begun to.
    fn stop(&self) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status();
        assert!(asked.unwrap().success());
        assert!(self.told().contains("STOPPING=1"));
    }
}

#[test]
fn a_supervisor_learns_when_the_site_is_up_and_when_it_stops_and_it_ends_well() {
    let mut service = Service::start(0);
    service.stop();
    assert_eq!(service.process.wait().unwrap().code(), Some(0));
}

// AVL-09
#[test]
fn a_hundred_requests_that_have_begun_are_answered_after_the_site_was_asked_to_stop() {
    // A port of its own: which one the program has chosen it tells in its log alone.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut service = Service::start(port);
    let mut begun: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let head = "POST /forgot_password HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
                        content-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\nemail";
            socket.write_all(head.as_bytes()).unwrap();
            socket
        })
        .collect();
    // All have reached the site.
    sleep(Duration::from_millis(500));
    service.stop();
    // By now it takes nobody any more.
    sleep(Duration::from_secs(4));
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    for socket in &mut begun {
        socket.write_all(b"=ada").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer:?}");
    }
    assert_eq!(service.process.wait().unwrap().code(), Some(0));
}
