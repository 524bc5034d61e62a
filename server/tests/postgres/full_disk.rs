//! Tests of PostgreSQL on a full disk.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    place::Place,
    program::program,
    site::Site,
    story::{Restart, Write, play},
};

/// Mounts a small file system at `disk`, and runs PostgreSQL as a user other than root. The write-ahead log is stored
/// elsewhere, because PostgreSQL stops if it cannot be written.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=64m,mode=0777 tmpfs disk
exec unshare --user --map-user=1000 --map-group=1000 sh -c '
    initdb --pgdata=disk/data --waldir="$PWD/wal" --auth=trust --username=postgres --encoding=UTF8 --no-locale --no-sync >&2 &&
    exec postgres -D disk/data -c listen_addresses= -c unix_socket_directories="$PWD" 2>&1
'
"#;

/// A PostgreSQL server whose data, but not its write-ahead log, are on a small disk.
struct Server<'a> {
    process: Child,
    folder: &'a TempDir,
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // `SIGQUIT` stops the server immediately, together with its child processes.
        let _ = Command::new("kill")
            .args(["-QUIT", &self.process.id().to_string()])
            .status();
        let _ = self.process.wait();
    }
}

impl<'a> Server<'a> {
    fn start(folder: &'a TempDir) -> Self {
        fs::create_dir(folder.path().join("disk")).unwrap();
        let mut process = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-euc", SCRIPT])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("ready to accept connections") {
            let length = output.read_line(&mut said).unwrap();
            assert!(length > 0, "{said}");
        }
        // The output has to be read to the end, because a process that writes to a closed pipe is killed.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self { process, folder }
    }

    fn filler(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.process.id()));
        let folder = self.folder.path().strip_prefix("/").unwrap();
        root.join(folder).join("disk/filler")
    }
}

impl Place for Server<'_> {
    fn program(&self, settings: &[(&str, &str)]) -> Command {
        let socket = self.folder.path().display();
        let url = format!("postgres://postgres@localhost/postgres?host={socket}");
        let mut command = program(self.folder, settings);
        command.env("BROADSHEET_DATABASE_URL", url);
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn refuse_writes(&self, _: &Site) {
        let mut filler = File::create(self.filler()).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
    }

    fn allow_writes(&self, _: &Site) {
        fs::remove_file(self.filler()).unwrap();
    }
}

// DUR-05, P1
#[test]
fn a_full_disk_of_postgresql_takes_nothing_away_from_what_was_confirmed() {
    for (refused, restart) in [(2, Restart::Killed), (40, Restart::None), (4, Restart::Stopped)] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(&folder);
        play(&server, folder.path(), Write::Post, refused, restart);
    }
}
