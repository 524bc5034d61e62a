//! Tests of filling a site with sample content.

use tempfile::TempDir;

use crate::program::{run, stderr, stdout};

fn demo(folder: &TempDir, more: &[&str]) -> std::process::Output {
    let arguments = [&["demo", "--users", "9", "--posts", "40", "--seed", "7"], more].concat();
    run(folder, &[], &arguments)
}

#[test]
fn demo_fills_a_new_site_and_says_how_to_log_in() {
    let folder = tempfile::tempdir().unwrap();
    let filled = demo(&folder, &[]);
    assert!(filled.status.success(), "{}", stderr(&filled));
    assert!(stdout(&filled).starts_with("Added 9 people and 40 posts.\n"));
    assert!(stdout(&filled).contains("log in with the password "));
    assert!(stderr(&filled).contains("40 of 40 posts"));
    // Two of the nine users have a picture, each in two sizes.
    let pictures = std::fs::read_dir(folder.path().join("data/media/picture")).unwrap();
    assert_eq!(pictures.count(), 4);
}

#[test]
fn demo_does_not_touch_a_site_with_members_unless_told_to() {
    let folder = tempfile::tempdir().unwrap();
    demo(&folder, &[]);
    let refused = demo(&folder, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--yes"), "{}", stderr(&refused));
    let again = demo(&folder, &["--yes"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("another --seed"), "{}", stderr(&again));
    let others = run(
        &folder,
        &[],
        &["demo", "--users", "3", "--posts", "5", "--seed", "8", "--yes"],
    );
    assert!(others.status.success(), "{}", stderr(&others));
}

#[test]
fn demo_names_its_limits() {
    let folder = tempfile::tempdir().unwrap();
    for (flag, value) in [("--users", "100001"), ("--posts", "x"), ("--posts", "-1")] {
        let refused = run(&folder, &[], &["demo", flag, value]);
        assert_eq!(refused.status.code(), Some(2), "{flag} {value}");
    }
}
