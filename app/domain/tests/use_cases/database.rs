//! A separate database for each test: an SQLite file, or one on the PostgreSQL server in `TEST_DATABASE_URL`.

use std::{env, fs, path::Path, process::Command, sync::OnceLock, thread};

use domain::platform::db::Db;
use migration::{Migrator, MigratorTrait};
use tokio::runtime::Runtime;

/// Returns the URL of a database that only one test uses. It is always the same for the same `folder`.
pub fn url(folder: &Path) -> String {
    match server() {
        None => sqlite(folder),
        Some(server) => {
            let name = name(folder);
            create(&server, &name, "template1");
            address(&server, &name)
        }
    }
}

/// Returns the URL of a database with the whole schema, which is copied from a template. If `folder` does not exist,
/// nothing is created.
pub fn migrated(folder: &Path) -> String {
    match server() {
        None => {
            let file = folder.join(FILE);
            if folder.exists() && !file.exists() {
                fs::write(&file, sqlite_template()).unwrap();
            }
            sqlite(folder)
        }
        Some(server) => {
            let name = name(folder);
            create(&server, &name, postgres_template(&server));
            address(&server, &name)
        }
    }
}

/// The name of the SQLite database in a folder.
const FILE: &str = "test.sqlite3";

/// Returns the URL of the PostgreSQL server, if the tests use one.
fn server() -> Option<String> {
    env::var("TEST_DATABASE_URL").ok()
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(FILE).display())
}

/// Returns the contents of the database file of an empty site.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        migrate(sqlite(folder.path()));
        fs::read(folder.path().join(FILE)).unwrap()
    })
}

/// Returns the name of a template database of an empty site on `server`, which is never connected to.
fn postgres_template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("template{}", std::process::id());
        create(server, &name, "template1");
        migrate(address(server, &name));
        name
    })
}

/// Applies all migrations to the database at `url`.
fn migrate(url: String) {
    // A runtime cannot block on another runtime within one of its threads.
    let migrated = thread::spawn(move || {
        Runtime::new().unwrap().block_on(async {
            let db = Db::connect(&url).await.unwrap();
            Migrator::up(db.writer().pool(), None).await.unwrap();
            db.close().await.unwrap();
        });
    });
    migrated.join().unwrap();
}

/// Returns a unique database name: the letters and digits of the name of the temporary folder.
fn name(folder: &Path) -> String {
    let unique = folder.file_name().unwrap().to_str().unwrap();
    unique.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn address(server: &str, name: &str) -> String {
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// Creates a database on `server`, unless it exists.
fn create(server: &str, name: &str, template: &str) {
    let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
    let output = Command::new("psql").args([server, "-qc", &sql]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() || text.contains("already exists"),
        "{text}"
    );
}
