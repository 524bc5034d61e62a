//! A small file system for the data folder of a site, which can be filled up.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{place::Place, program::program, site::Site};

/// A separate file system in the data folder of a site. It outlives the programs that use it.
pub struct Disk<'a> {
    /// The process that keeps the mount namespace alive.
    holder: Child,
    folder: &'a TempDir,
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

impl<'a> Disk<'a> {
    /// Mounts a file system with these options.
    pub fn mount(folder: &'a TempDir, options: &str) -> Self {
        fs::create_dir_all(folder.path().join("data")).unwrap();
        let script = format!("mount -t tmpfs -o {options} tmpfs data && echo mounted && exec sleep infinity");
        let mut holder = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let output = holder.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut said).unwrap();
        assert_eq!(said, "mounted\n");
        Self { holder, folder }
    }

    fn filler(&self) -> PathBuf {
        self.data().join("filler")
    }
}

impl Place for Disk<'_> {
    fn program(&self, settings: &[(&str, &str)]) -> Command {
        let target = self.holder.id().to_string();
        let script = "cd \"$0\" && exec \"$@\"";
        let mut command = Command::new("nsenter");
        command
            .args(["--user", "--mount", "--preserve-credentials", "--target", &target])
            .args(["sh", "-c", script])
            .arg(self.folder.path())
            .arg(program(self.folder, settings).get_program())
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .envs(settings.iter().copied());
        command
    }

    fn data(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.folder.path().strip_prefix("/").unwrap())
            .join("data")
    }

    /// Uses up the free space. Truncates the write-ahead log of an existing database before, so that it has no spare
    /// room either.
    fn refuse_writes(&self, _: &Site) {
        if self.data().join("broadsheet.sqlite3").exists() {
            self.query("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        let mut filler = File::create(self.filler()).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
    }

    fn allow_writes(&self, _: &Site) {
        fs::remove_file(self.filler()).unwrap();
    }
}
