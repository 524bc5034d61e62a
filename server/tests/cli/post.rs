//! The posts and sessions of a site, from the command line.

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::Site,
    wait::until,
};

fn listed(folder: &TempDir, more: &[&str]) -> Vec<Value> {
    let arguments = [&["post", "list", "--json"], more].concat();
    let output = run(folder, &[], &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn told(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, &[], arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn posts_are_listed_shown_deleted_and_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    run(
        &folder,
        &[],
        &["demo", "--users", "3", "--posts", "20", "--seed", "7"],
    );
    assert_eq!(listed(&folder, &[]).len(), 20);
    let newest = listed(&folder, &["--limit", "1"]).remove(0);
    let (id, title) = (newest["id"].to_string(), newest["title"].as_str().unwrap());
    let author = newest["author"].as_str().unwrap();
    assert!(
        listed(&folder, &["--author", author])
            .iter()
            .all(|post| post["author"] == author)
    );
    let shown = told(&folder, &["post", "show", &id]);
    assert!(shown.contains(title) && shown.contains(author), "{shown}");

    let is_deleted = || !listed(&folder, &["--limit", "1"])[0]["deleted_at"].is_null();
    for _ in 0..2 {
        assert!(told(&folder, &["post", "delete", &id]).contains(&format!("post restore {id}")));
        assert!(is_deleted());
    }
    told(&folder, &["post", "restore", &id]);
    assert!(!is_deleted());

    for arguments in [
        &["post", "show", "999"][..],
        &["post", "delete", "999"],
        &["post", "restore", "999"],
        &["post", "list", "--author", "nobody"],
        &["session", "revoke", "nobody"],
    ] {
        let refused = run(&folder, &[], arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&refused).contains("there is no"), "{}", stderr(&refused));
    }
    assert_eq!(
        told(&folder, &["session", "revoke", author]),
        format!("All sessions of {author} have ended.\n")
    );
}

#[test]
fn what_a_command_does_is_seen_on_a_page_that_the_server_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    ada.publish("Soon gone", "Text.").unwrap();
    let home = || site.visitor().get("/").unwrap().text();
    let kept = home();
    assert!(kept.contains("Soon gone"));
    assert_eq!(home(), kept, "kept");
    told(&folder, &["post", "delete", "1"]);
    until("the post is not shown", || !home().contains("Soon gone"));
}
