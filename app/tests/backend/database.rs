//! A database of its own for each test: an SQLite file, or one on the PostgreSQL server that `TEST_DATABASE_URL` names.

use std::{path::Path, process::Command};

/// The address of a database that is one test's alone. The same `folder` always has the same.
pub fn url(folder: &Path) -> String {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        return format!("sqlite://{}", folder.join("test.sqlite3").display());
    };
    // Folders of tests have names of letters and digits that no other has.
    let unique = folder.file_name().unwrap().to_str().unwrap();
    let name: String = unique.chars().filter(char::is_ascii_alphanumeric).collect();
    let sql = format!("CREATE DATABASE \"{name}\"");
    let output = Command::new("psql")
        .args([&server, "-qc", &sql])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() || text.contains("already exists"),
        "{text}"
    );
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}
