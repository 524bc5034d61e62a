//! The program under a supervisor.

use std::{os::unix::net::UnixDatagram, process::Command, time::Duration};

use crate::program::program;

#[test]
fn a_supervisor_learns_when_the_site_is_up_and_when_it_stops_and_it_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let told = || {
        let mut message = [0; 256];
        let length = socket.recv(&mut message).unwrap();
        String::from_utf8_lossy(message.get(..length).unwrap()).into_owned()
    };
    let settings = [
        ("BROADSHEET_LISTEN", "127.0.0.1:0"),
        ("NOTIFY_SOCKET", path.to_str().unwrap()),
    ];
    let mut site = program(&folder, &settings)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(told().contains("READY=1"));
    let asked = Command::new("kill")
        .args(["-TERM", &site.id().to_string()])
        .status();
    assert!(asked.unwrap().success());
    assert!(told().contains("STOPPING=1"));
    assert_eq!(site.wait().unwrap().code(), Some(0));
}
