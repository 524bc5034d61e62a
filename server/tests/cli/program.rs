//! Runs the program.

use std::process::{Command, Output};

use tempfile::TempDir;

/// Returns a command that runs the program in `folder` with only these settings.
pub fn program(folder: &TempDir, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    command
        .current_dir(folder.path())
        .env_clear()
        .envs(settings.iter().copied());
    command
}

/// Runs the program and returns its output and exit status.
pub fn run(folder: &TempDir, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    program(folder, settings).args(arguments).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
