//! A database of its own for each test: an SQLite file, or one on the PostgreSQL server that `TEST_DATABASE_URL` names.

use std::{env, fs, path::Path, process::Command, sync::OnceLock, thread};

use domain::platform::db::Db;
use migration::{Migrator, MigratorTrait};
use tokio::runtime::Runtime;

/// The address of a database that is one test's alone. The same `folder` always has the same.
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

/// The same with the whole schema, which is made once and copied; a `folder` that is not there yet is left to whoever makes it.
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

/// The SQLite database in a folder.
const FILE: &str = "test.sqlite3";

/// The address of a PostgreSQL server, if these tests run on one.
fn server() -> Option<String> {
    env::var("TEST_DATABASE_URL").ok()
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(FILE).display())
}

/// The file of an empty site.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        migrate(sqlite(folder.path()));
        fs::read(folder.path().join(FILE)).unwrap()
    })
}

/// The name of a database of an empty site on `server`, which nobody uses.
fn postgres_template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("template{}", std::process::id());
        create(server, &name, "template1");
        migrate(address(server, &name));
        name
    })
}

/// Makes the schema in the database at `url`.
fn migrate(url: String) {
    // A test's own runtime cannot wait for another one in its thread.
    let migrated = thread::spawn(move || {
        Runtime::new().unwrap().block_on(async {
            let db = Db::connect(&url).await.unwrap();
            Migrator::up(db.writer().pool(), None).await.unwrap();
            db.close().await.unwrap();
        });
    });
    migrated.join().unwrap();
}

/// Folders of tests have names of letters and digits that no other has.
fn name(folder: &Path) -> String {
    let unique = folder.file_name().unwrap().to_str().unwrap();
    unique.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn address(server: &str, name: &str) -> String {
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// Makes a database on `server`, unless it is there.
fn create(server: &str, name: &str, template: &str) {
    let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
    let output = Command::new("psql").args([server, "-qc", &sql]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() || text.contains("already exists"),
        "{text}"
    );
}
