//! Tests of backups that are designed to harm the site into which they are restored.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use domain::platform::digest::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    program::{run, stderr, stdout},
    site::{Site, png},
};

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "database.sqlite3";
/// The path of a picture in a backup.
const PICTURE: &str = "media/image/0a1b-2c3d-1200-800.webp";

/// A file in a backup: its name and its content.
type Entry = (String, Vec<u8>);
/// The files of a backup in their order, without the manifest.
type Files = Vec<Entry>;

/// Returns the files and the manifest of a backup of a site with one user, their picture and one post.
fn backup() -> (Files, Value) {
    static BACKUP: OnceLock<(Files, Value)> = OnceLock::new();
    let backup = BACKUP.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::start(&folder, &[]);
        let ada = site.member("ada");
        assert_eq!(ada.upload(&png()).unwrap().status, 303);
        ada.publish("Before", "Text.").unwrap();
        site.end();
        let taken = run(&folder, &[], &["backup", "backup.zip"]);
        assert!(taken.status.success(), "{}", stderr(&taken));
        unpack(&folder.path().join("backup.zip"))
    });
    backup.clone()
}

fn unpack(path: &Path) -> (Files, Value) {
    let mut zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut files = Files::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        files.push((entry.name().unwrap().into_owned(), content));
    }
    let (_, manifest) = files.pop().unwrap();
    (files, serde_json::from_slice(&manifest).unwrap())
}

/// Returns the entries of `files` for a manifest.
fn described(files: &[Entry]) -> Value {
    let file = |(path, content): &Entry| json!({ "path": path, "bytes": content.len(), "sha256": hex(&Sha256::digest(content)) });
    files.iter().map(file).collect()
}

/// Writes a backup of `files` with exactly this manifest.
fn pack(folder: &TempDir, files: &[Entry], manifest: &Value) -> PathBuf {
    let path = folder.path().join("made.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.start_file(MANIFEST, options).unwrap();
    zip.write_all(&serde_json::to_vec(manifest).unwrap()).unwrap();
    zip.finish().unwrap();
    path
}

/// Writes a backup of `files` with a manifest that describes them.
fn pack_described(folder: &TempDir, files: &[Entry]) -> PathBuf {
    let (_, mut manifest) = backup();
    *manifest.get_mut("files").unwrap() = described(files);
    pack(folder, files, &manifest)
}

/// Returns all files and folders below `folder`, with the contents of the files.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.clone());
                found.insert(path, Vec::new());
            } else {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}

/// Asserts that the backup is rejected with the message `told`, for both an existing and a new site, and that nothing
/// is left behind.
fn refused(made: &Path, told: &str) {
    let site = tempfile::tempdir().unwrap();
    let (files, _) = backup();
    fs::create_dir(site.path().join("data")).unwrap();
    fs::write(
        site.path().join("data/broadsheet.sqlite3"),
        &files.first().unwrap().1,
    )
    .unwrap();
    for folder in [tempfile::tempdir().unwrap(), site] {
        fs::write(folder.path().join("beside"), "").unwrap();
        let before = everything(folder.path());
        let restore = ["restore", made.to_str().unwrap(), "--force"];
        let output = run(&folder, &[], &restore);
        let line = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{line}{}", stdout(&output));
        assert!(line.contains(told), "{told}: {line}");
        let mut after = everything(folder.path());
        // A lock file that was created to lock the database may remain.
        after.retain(|path, _| !path.ends_with("broadsheet.sqlite3.lock") || before.contains_key(path));
        assert!(
            before == after,
            "{told}: {:?} became {:?}",
            before.keys(),
            after.keys()
        );
    }
}

#[test]
fn what_a_restore_says_is_counted_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let (files, mut manifest) = backup();
    manifest["people"] = json!(4);
    manifest["posts"] = json!(5);
    let path = pack(&folder, &files, &manifest);
    let restored = run(&folder, &[], &["restore", path.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    assert!(
        stdout(&restored).contains("1 person, 1 post."),
        "{}",
        stdout(&restored)
    );
}

#[test]
fn a_database_that_is_none_or_not_a_site_s_is_refused_whatever_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = backup();
    let with = |database: Vec<u8>| {
        let mut files = files.clone();
        files[0].1 = database;
        pack_described(&folder, &files)
    };
    assert_eq!(files[0].0, DATABASE);
    refused(&with(Vec::new()), "there is no site in its database");
    refused(&with(vec![b'x'; 8_192]), "its database cannot be read");
    refused(&with(files[0].1[..files[0].1.len() / 2].to_vec()), "its database");

    // A table, a column or a migration is missing.
    for (change, told) in [
        ("DROP TABLE drafts", "is missing the column drafts"),
        (
            "ALTER TABLE users DROP COLUMN about",
            "is missing the column users.about",
        ),
        (
            "DELETE FROM seaql_migrations WHERE version LIKE '%create_drafts'",
            "does not have the schema",
        ),
    ] {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir(site.path().join("data")).unwrap();
        let database = site.path().join("data/broadsheet.sqlite3");
        fs::write(&database, &files[0].1).unwrap();
        let changed = run(&site, &[], &["shell", "--write", change]);
        assert!(changed.status.success(), "{}", stderr(&changed));
        refused(&with(fs::read(database).unwrap()), told);
    }
}

#[test]
fn a_manifest_that_is_too_long_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (files, mut manifest) = backup();
    manifest["steps"] = vec![""; 5_000].into();
    refused(&pack(&folder, &files, &manifest), "more than 1000");

    // The archive claims that the manifest has 4 GB, like an extremely compressed file.
    let path = pack_described(&folder, &files);
    let mut bytes = fs::read(&path).unwrap();
    let name = MANIFEST.as_bytes();
    let found: Vec<usize> = (0..bytes.len() - name.len())
        .filter(|at| &bytes[*at..*at + name.len()] == name)
        .collect();
    // The size is 8 bytes before the name in the entry, and 22 bytes before it in the central directory.
    for (at, before) in [(found[found.len() - 2], 8), (found[found.len() - 1], 22)] {
        bytes[at - before..at - before + 4].copy_from_slice(&0xf000_0000_u32.to_le_bytes());
    }
    fs::write(&path, bytes).unwrap();
    refused(&path, "its manifest has more than");
}

#[test]
fn a_backup_holds_what_its_manifest_says_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (files, manifest) = backup();
    let with = |name: &str, content: Vec<u8>| {
        let mut files = files.clone();
        files.push((name.to_owned(), content));
        files
    };
    for name in [
        "media/../../../evil.webp",
        "/media/image/0a1b-2c3d-1200-800.webp",
        "media/image/../../0a1b-2c3d-1200-800.webp",
        "media/card/0a1b.webp",
        "media/image/0a1b.svg",
        "other",
        "media/image/",
    ] {
        refused(
            &pack_described(&folder, &with(name, b"evil".to_vec())),
            "neither the database nor a picture",
        );
    }
    let unnamed = pack(&folder, &with(PICTURE, b"evil".to_vec()), &manifest);
    refused(&unnamed, "does not list");
    let mut missing = manifest.clone();
    missing["files"] = described(&with(PICTURE, b"gone".to_vec()));
    refused(&pack(&folder, &files, &missing), "is not in it");
    let mut twice = manifest.clone();
    let database = twice["files"][0].clone();
    twice["files"].as_array_mut().unwrap().push(database);
    refused(&pack(&folder, &files, &twice), "twice");

    // Two entries have the same name.
    let other = PICTURE.replace("0a1b", "0a1c");
    let mut both = with(&other, b"one".to_vec());
    both.push((PICTURE.to_owned(), b"two".to_vec()));
    let mut manifest = manifest;
    manifest["files"] = described(&with(PICTURE, b"two".to_vec()));
    let path = pack(&folder, &both, &manifest);
    let mut bytes = fs::read(&path).unwrap();
    while let Some(at) = (0..bytes.len() - other.len()).find(|at| bytes[*at..].starts_with(other.as_bytes()))
    {
        bytes[at..at + other.len()].copy_from_slice(PICTURE.as_bytes());
    }
    fs::write(&path, bytes).unwrap();
    refused(&path, "made.zip");
}

#[test]
fn a_picture_that_is_too_large_or_larger_than_it_says_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut files, _) = backup();
    files.push((PICTURE.to_owned(), vec![0; 64_000_001]));
    refused(&pack_described(&folder, &files), "has more than 64000000 bytes");
    // Each picture is small enough, but together they are far larger than the backup.
    files.pop();
    for number in 10..20 {
        files.push((
            PICTURE.replace("0a1b", &format!("0a{number}")),
            vec![0; 2_000_000],
        ));
    }
    refused(&pack_described(&folder, &files), "but it has only");

    let (mut files, mut manifest) = backup();
    files.push((PICTURE.to_owned(), vec![0; 100_000]));
    manifest["files"] = described(&files);
    manifest["files"][files.len() - 1]["bytes"] = json!(10);
    refused(&pack(&folder, &files, &manifest), "has changed");
    manifest["files"][files.len() - 1]["bytes"] = json!(u64::MAX);
    refused(&pack(&folder, &files, &manifest), "bytes");
}

#[test]
fn when_pictures_cannot_be_written_those_that_were_are_deleted_again() {
    let made = tempfile::tempdir().unwrap();
    let (mut files, _) = backup();
    // This picture comes before the others, whose folder cannot be created.
    files.insert(1, (PICTURE.to_owned(), b"one".to_vec()));
    let path = pack_described(&made, &files);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data/media/image")).unwrap();
    fs::write(folder.path().join("data/media/picture"), "in the way").unwrap();
    fs::write(folder.path().join("data/broadsheet.sqlite3.lock"), "").unwrap();
    let before = everything(folder.path());
    let output = run(&folder, &[], &["restore", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("Nothing was changed"),
        "{}",
        stderr(&output)
    );
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        everything(folder.path()).keys().collect::<Vec<_>>()
    );

    fs::remove_file(folder.path().join("data/media/picture")).unwrap();
    // An existing picture that is damaged is repaired.
    fs::write(folder.path().join("data").join(PICTURE), "bad").unwrap();
    let restored = run(&folder, &[], &["restore", path.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    for (name, content) in &files[1..] {
        assert!(
            fs::read(folder.path().join("data").join(name)).unwrap() == *content,
            "{name}"
        );
    }
}
