//! Runs SQL as an administrator of the database.

use std::process::Command;

use crate::program::stderr;

/// Runs `sql` on the database at `url`, as its owner.
pub fn sql(url: &str, sql: &str) -> String {
    let output = Command::new("psql").args([url, "-qtAc", sql]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
