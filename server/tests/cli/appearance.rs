//! Tests that the appearance of a site is in its exports and backups.

use shared::paths;
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::{Site, png},
};

/// Returns a stopped site with an accent, a logo, an icon, and CSS with a picture.
fn full_site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    let image = ada.send_file("/post/image", "image", &png()).unwrap().location;
    let image = image.split_once('=').unwrap().1;
    assert!(run(&folder, &[], &["user", "promote", "ada"]).status.success());
    for field in ["logo", "icon"] {
        let answer = ada.send_file(&format!("/admin/{field}"), field, &png()).unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    let css = format!("body{{background:url({}{image})}}", paths::IMAGES);
    for (name, value) in [("accent", "#1a5f9e"), ("custom_css", &css)] {
        let set = run(&folder, &[], &["setting", "set", name, value]);
        assert!(set.status.success(), "{}", stderr(&set));
    }
    site.end();
    folder
}

/// Returns the addresses in the home page that belong to the appearance, and asserts that each leads somewhere.
fn appearance(folder: &TempDir) -> Vec<String> {
    let site = Site::start(folder, &[]);
    let visitor = site.visitor();
    let page = visitor.get("/").unwrap().text();
    assert!(page.contains("light-dark(#1a5f9e,"));
    let is_ours = |part: &&str| part.starts_with(paths::SITE_IMAGES) || part.starts_with(paths::CUSTOM_CSS);
    let mut addresses: Vec<String> = page.split('"').filter(is_ours).map(str::to_owned).collect();
    addresses.dedup();
    for address in &addresses {
        let answer = visitor.get(address).unwrap();
        assert_eq!(answer.status, 200, "{address}");
        for image in answer
            .text()
            .split(['(', ')'])
            .filter(|part| part.starts_with(paths::IMAGES))
        {
            assert_eq!(visitor.get(image).unwrap().status, 200, "{image}");
        }
    }
    let icon = visitor.get(paths::FAVICON).unwrap();
    let signature = icon.body.get(22..26);
    assert_eq!((icon.status, signature), (200, Some(b"\x89PNG".as_slice())));
    site.end();
    addresses
}

#[test]
fn the_appearance_of_a_site_is_in_its_export() {
    let folder = full_site();
    let before = appearance(&folder);
    assert_eq!(before.len(), 5, "{before:?}");
    let file = folder.path().join("site.zip");
    let file = file.to_str().unwrap();
    let exported = run(&folder, &[], &["export", file]);
    assert!(exported.status.success(), "{}", stderr(&exported));

    let other = tempfile::tempdir().unwrap();
    // The second time, everything is there already.
    for _ in 0..2 {
        let imported = run(&other, &[], &["import", file, "--yes", "--trust"]);
        assert!(imported.status.success(), "{}", stderr(&imported));
        assert!(
            !stdout(&imported).contains("setting left"),
            "{}",
            stdout(&imported)
        );
        assert_eq!(appearance(&other), before);
    }

    // A site that has members and does not trust it keeps its own.
    let third = tempfile::tempdir().unwrap();
    let site = Site::start(&third, &[]);
    site.member("eve");
    site.end();
    let imported = run(&third, &[], &["import", file, "--yes"]);
    assert!(imported.status.success(), "{}", stderr(&imported));
    let listed = run(&third, &[], &["setting", "get", "logo"]);
    assert_eq!(stdout(&listed).trim(), "");
}

#[test]
fn the_appearance_of_a_site_is_in_its_backup() {
    let folder = full_site();
    let before = appearance(&folder);
    let file = folder.path().join("backup.zip");
    let file = file.to_str().unwrap();
    let taken = run(&folder, &[], &["backup", file]);
    assert!(taken.status.success(), "{}", stderr(&taken));
    let other = tempfile::tempdir().unwrap();
    let restored = run(&other, &[], &["restore", file]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    assert_eq!(appearance(&other), before);
}
