//! A place in which system calls for writing fail, simulated by libfiu (<https://blitiri.com.ar/p/libfiu/>).

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{place::Place, program::program, site::Site};

/// The folders in which Debian installs the libraries of libfiu.
const LIBRARIES: &[&str] = &["/usr/lib/fiu", "/usr/lib/x86_64-linux-gnu/fiu"];
/// The option of libfiu for the error `EIO`.
const ERROR: &str = "failinfo=5";

/// A place in which a system call can be made to fail.
pub struct Faulty<'a> {
    folder: &'a TempDir,
    library: &'static str,
    /// The system call, as libfiu names it.
    call: &'static str,
}

impl<'a> Faulty<'a> {
    /// Returns a place in which `call` can fail, or `None` if libfiu is not installed.
    pub fn new(folder: &'a TempDir, call: &'static str) -> Option<Self> {
        let library = LIBRARIES
            .iter()
            .copied()
            .find(|folder| Path::new(folder).exists());
        if library.is_none() {
            assert!(env::var_os("CI").is_none(), "this test needs Debian's fiu-utils");
            eprintln!("without Debian's fiu-utils, no input or output is made to fail");
        }
        library.map(|library| Self {
            folder,
            library,
            call,
        })
    }

    fn pipe(&self) -> PathBuf {
        self.folder.path().join("fiu")
    }

    fn control(&self, site: &Site, command: &str) {
        let mut control = Command::new("fiu-ctrl");
        control.arg("-f").arg(self.pipe()).args(["-c", command]);
        let done = control.arg(site.process.id().to_string()).status().unwrap();
        assert!(done.success());
    }
}

impl Place for Faulty<'_> {
    fn program(&self, settings: &[(&str, &str)]) -> Command {
        let libraries = ["fiu_run_preload.so", "fiu_posix_preload.so"];
        let libraries = libraries.map(|library| format!("{}/{library}", self.library));
        let mut command = program(self.folder, settings);
        command
            .env("LD_PRELOAD", libraries.join(":"))
            .env("FIU_CTRL_FIFO", self.pipe());
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn refuse_writes(&self, site: &Site) {
        self.control(site, &format!("enable name={},{ERROR}", self.call));
    }

    fn allow_writes(&self, site: &Site) {
        self.control(site, &format!("disable name={}", self.call));
    }
}
