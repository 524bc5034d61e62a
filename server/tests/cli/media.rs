//! Tests of moving pictures to another place.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::{
    bucket::{KEY, SECRET, Server},
    certificate,
    program::{run, stderr, stdout},
};

/// Settings, arguments, and a part of the error message.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);

/// The number of picture files: two of the nine people have a picture in two sizes.
const FILES: usize = 4;

fn filled() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let filled = run(
        &folder,
        &[],
        &["demo", "--users", "9", "--posts", "10", "--seed", "7"],
    );
    assert!(filled.status.success(), "{}", stderr(&filled));
    folder
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

const KEYS: &[(&str, &str)] = &[
    ("BROADSHEET_MEDIA_ACCESS_KEY", KEY),
    ("BROADSHEET_MEDIA_SECRET_KEY", SECRET),
];

#[test]
fn pictures_move_into_a_bucket_and_leave_the_folder_when_told_to() {
    let (site, stored) = (filled(), tempfile::tempdir().unwrap());
    let server = Server::start(stored.path());
    let to = server.url("site");
    let old = site.path().join("data/media/picture");

    let moved = run(&site, KEYS, &["media", "move", "--to", &to]);
    assert!(moved.status.success(), "{}", stderr(&moved));
    let told = stdout(&moved);
    assert!(
        told.starts_with("4 picture files are in the bucket pictures/site at http://"),
        "{told}"
    );
    assert!(told.contains("copied: 4 ("), "{told}");
    assert!(told.contains("Set BROADSHEET_MEDIA_URL"), "{told}");
    assert!(stderr(&moved).contains("4 of 4 pictures"), "{}", stderr(&moved));
    assert_eq!(count(&old), FILES);
    assert_eq!(count(&stored.path().join("pictures/site/picture")), FILES);

    // The place is the same although its URL differs.
    let region = to.replace("eu-test-1", "eu-test-2");
    let refused = run(
        &site,
        KEYS,
        &[
            "media", "move", "--from", &region, "--to", &to, "--remove", "--yes",
        ],
    );
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert_eq!(count(&stored.path().join("pictures/site/picture")), FILES);

    // There is no terminal for a confirmation.
    let kept = run(&site, KEYS, &["media", "move", "--to", &to, "--remove"]);
    assert_eq!(kept.status.code(), Some(1));
    assert!(
        stderr(&kept).contains("nothing was deleted; use --yes"),
        "{}",
        stderr(&kept)
    );
    assert_eq!(count(&old), FILES);

    let from = format!("file://{}", site.path().join("data/media").display());
    let at_bucket = [KEYS, &[("BROADSHEET_MEDIA_URL", to.as_str())]].concat();
    let gone = run(
        &site,
        &at_bucket,
        &["media", "move", "--from", &from, "--to", &to, "--remove", "--yes"],
    );
    assert!(gone.status.success(), "{}", stderr(&gone));
    assert!(stdout(&gone).contains("copied: 0 ("), "{}", stdout(&gone));
    assert!(
        stdout(&gone).contains("4 files deleted in the folder"),
        "{}",
        stdout(&gone)
    );
    assert_eq!(count(&old), 0);
    assert_eq!(count(&stored.path().join("pictures/site/picture")), FILES);

    let again = run(
        &site,
        &at_bucket,
        &["media", "move", "--from", &from, "--to", &to, "--remove"],
    );
    assert!(
        again.status.success(),
        "nothing is left to delete: {}",
        stderr(&again)
    );

    let check = run(&site, &at_bucket, &["check"]);
    assert!(
        stdout(&check).contains("the bucket pictures/site at http://"),
        "{}",
        stdout(&check)
    );
    assert!(stdout(&check).contains("can be written to"), "{}", stdout(&check));
    let shown = stdout(&run(&site, &at_bucket, &["config", "print"]));
    assert!(
        shown.contains("BROADSHEET_MEDIA_SECRET_KEY") && !shown.contains(SECRET),
        "{shown}"
    );
}

#[test]
fn a_bucket_is_reached_by_tls_when_an_authority_of_the_system_vouches_for_it() {
    let (site, stored) = (filled(), tempfile::tempdir().unwrap());
    let [authority, certificate, key] = certificate::issue(stored.path());
    let server = Server::with_tls(stored.path(), &certificate, &key);
    let to = server
        .url("site")
        .replace("http://127.0.0.1", "https://localhost");
    let known = [KEYS, &[("SSL_CERT_FILE", authority.as_str())]].concat();
    let moved = run(&site, &known, &["media", "move", "--to", &to]);
    assert!(moved.status.success(), "{}", stderr(&moved));
    assert_eq!(count(&stored.path().join("pictures/site/picture")), FILES);
    let unknown = run(&site, KEYS, &["media", "move", "--to", &to]);
    assert_eq!(unknown.status.code(), Some(2), "{}", stderr(&unknown));
    assert!(
        stderr(&unknown).contains("--to: the bucket"),
        "{}",
        stderr(&unknown)
    );
}

#[test]
fn a_bucket_that_cannot_be_used_is_one_line_and_exit_code_2() {
    let (site, stored) = (filled(), tempfile::tempdir().unwrap());
    let server = Server::start(stored.path());
    let good = server.url("site");
    let other = good.replace("s3://pictures", "s3://others");
    // No server listens on the address of a server that has stopped.
    let away = Server::start(tempfile::tempdir().unwrap().path()).url("site");
    let wrong = [KEYS[0], ("BROADSHEET_MEDIA_SECRET_KEY", "hunter2-wrong")];
    let none = format!("file://{}", site.path().join("nowhere").display());
    let cases: [Case; _] = [
        (KEYS, &["--to", &other], "--to: the bucket others"),
        (KEYS, &["--to", &away], "--to: the bucket pictures"),
        (&wrong, &["--to", &good], "refuses these keys"),
        (KEYS, &["--to", "s3://x"], "--to"),
        (
            KEYS,
            &["--to", &good, "--from", &good],
            "is where the pictures already are",
        ),
        (KEYS, &["--to", "s3://a:hunter2@pictures"], "their own settings"),
        (KEYS, &["--to", &good, "--from", &none], "does not exist"),
        (&KEYS[..1], &["--to", &good], "BROADSHEET_MEDIA_SECRET_KEY"),
    ];
    for (settings, arguments, told) in cases {
        let refused = run(&site, settings, &[&["media", "move"], arguments].concat());
        let line = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {line}");
        assert!(line.contains(told), "{arguments:?}: {line}");
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
    }
    assert!(!site.path().join("nowhere").exists());

    for (settings, name) in [
        (
            [KEYS[0], KEYS[1], ("BROADSHEET_MEDIA_URL", other.as_str())],
            "BROADSHEET_MEDIA_URL",
        ),
        (
            [KEYS[0], KEYS[1], ("BROADSHEET_MEDIA_URL", away.as_str())],
            "BROADSHEET_MEDIA_URL",
        ),
        (
            [wrong[0], wrong[1], ("BROADSHEET_MEDIA_URL", good.as_str())],
            "BROADSHEET_MEDIA_URL",
        ),
        (
            [KEYS[0], KEYS[1], ("BROADSHEET_MEDIA_SERVED", "signed")],
            "BROADSHEET_MEDIA_SERVED",
        ),
    ] {
        let refused = run(&site, &settings, &["serve"]);
        let line = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{line}");
        assert!(line.contains(name) && !line.contains("hunter2"), "{line}");
    }
}
