//! Tests of TLS between the program and PostgreSQL according to the database URL.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
};

use crate::{
    certificate, database,
    program::{run, stderr},
    site::Site,
    sql::sql,
    wait::until,
};

/// Enables TLS in PostgreSQL until this is dropped.
struct Encrypted(String);

impl Encrypted {
    fn start(url: &str, certificate: &str, key: &str) -> Self {
        let begun = Self(url.to_owned());
        let folder = sql(url, "SHOW data_directory");
        // PostgreSQL rejects a key that other users can read.
        let owned = [(certificate, "server.crt"), (key, "server.key")].map(|(file, name)| {
            let copy = Path::new(&folder).join(name);
            fs::copy(file, &copy).unwrap();
            let owner = fs::metadata(&folder).unwrap();
            chown(&copy, Some(owner.uid()), Some(owner.gid())).unwrap();
            copy
        });
        fs::set_permissions(&owned[1], fs::Permissions::from_mode(0o600)).unwrap();
        sql(url, "ALTER SYSTEM SET ssl = on");
        begun.reload("on");
        begun
    }

    fn reload(&self, is: &str) {
        sql(&self.0, "SELECT pg_reload_conf()");
        until("the setting holds", || sql(&self.0, "SHOW ssl") == is);
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        sql(&self.0, "ALTER SYSTEM RESET ssl");
        self.reload("off");
    }
}

#[test]
fn a_connection_is_encrypted_and_the_server_known_as_the_address_says() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::url(folder.path());
    let (by_network, _) = url.split_once("?host=").unwrap();
    let [authority, certificate, key] = certificate::issue(folder.path());
    let by_network = by_network.replace("postgres@", "postgres:hunter2@");
    sql(&url, "ALTER ROLE postgres PASSWORD 'hunter2'");
    let verified = format!("{by_network}?sslmode=verify-full&sslrootcert={authority}");
    let refused = |url: &str| {
        let output = run(&folder, &[("BROADSHEET_DATABASE_URL", url)], &[]);
        let line = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
        assert!(
            line.contains("BROADSHEET_DATABASE_URL") && line.lines().count() == 1,
            "{line}"
        );
    };
    refused(&verified);

    let _encrypted = Encrypted::start(&url, &certificate, &key);
    let site = Site::start(&folder, &[("BROADSHEET_DATABASE_URL", verified.as_str())]);
    let ada = site.member("ada");
    assert_eq!(ada.publish("Unread on its way", "Text.").unwrap().status, 303);
    let ours = "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'broadsheet' AND datname = current_database()";
    assert_eq!(sql(&url, &format!("SELECT count(*) {ours} AND NOT ssl")), "0");
    assert_ne!(sql(&url, &format!("SELECT count(*) {ours} AND ssl")), "0");
    site.end();

    let others = tempfile::tempdir().unwrap();
    let [stranger, ..] = certificate::issue(others.path());
    refused(&verified.replace(&authority, &stranger));
    refused(&verified.replace("localhost", "127.0.0.1"));
}
