//! Tests of importing authors.

use serde_json::{Value, json};

use super::{author, export, file, import, notes, post, rows};
use crate::{
    program::{run, stderr},
    site::Site,
};

#[test]
fn whoever_has_registered_an_address_of_the_site_is_not_taken_for_its_author() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let fields = [
        ("username", "eve"),
        ("email", "ada@example.org"),
        ("password", "eve-secret!"),
        ("confirm_password", "eve-secret!"),
    ];
    assert_eq!(site.visitor().post("/register", &fields).unwrap().status, 303);
    site.end();
    let file = file("wordpress-part-1.xml");
    let refused = run(&folder, &[], &["import", file.to_str().unwrap(), "--yes"]);
    assert!(
        stderr(&refused).contains("eve has here but has not confirmed"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn authors_are_told_apart_without_regard_to_case_and_no_address_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let authors = [
        author("Bob", "bob@example.org", "Bob"),
        author("bobby", "BOB@example.org", "Bob again"),
        author("ann@example.org", "ann@example.org", "Ann Lee"),
        author("joe@example.org", "joe@example.org", "joe@example.org"),
    ]
    .concat();
    let by = |item: String, creator: &str| item.replace("CDATA[ada]", &format!("CDATA[{creator}]"));
    let items = [
        by(post(1, "By Bob", "text"), "bob"),
        by(post(2, "By BOB", "text"), "BOB"),
        by(post(3, "By Bobby", "text"), "bobby"),
        by(post(4, "By Ann", "text"), "ann@example.org"),
        by(post(5, "By Joe", "text"), "joe@example.org"),
        by(post(6, "By a stranger", "text"), "sam@example.org"),
    ];
    import(&folder, &export(&folder, "1.2", &authors, &items));
    let sql = "SELECT username, count(*) AS posts FROM posts JOIN users ON users.id = author_id GROUP BY username ORDER BY username";
    let people: Vec<(String, i64)> = rows(&folder, sql)
        .iter()
        .map(|row| {
            (
                row["username"].as_str().unwrap().to_owned(),
                row["posts"].as_str().unwrap().parse().unwrap(),
            )
        })
        .collect();
    let expected = [("ann-lee", 1), ("bob", 3), ("writer-2", 1), ("writer-3", 1)];
    assert_eq!(people, expected.map(|(name, posts)| (name.to_owned(), posts)));
}

#[test]
fn authors_whom_the_file_does_not_describe_keep_their_name_and_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let authors = author("ada", "ada@example.org", "Ada Lovelace");
    let by = |item: String, creator: &str| item.replace("CDATA[ada]", &format!("CDATA[{creator}]"));
    let items = [
        by(post(1, "One", "text"), "Grace &amp; Hopper"),
        by(post(2, "Two", "text"), "sam@example.org"),
        by(post(3, "Three", "text"), "ada lovelace"),
        by(post(4, "Four", "text"), ""),
        by(post(5, "Five", "text"), "Grace &amp; Hopper"),
    ];
    let imported = import(&folder, &export(&folder, "1.2", &authors, &items));
    let sql = "SELECT username, email, coalesce(display_name, '') AS name, count(*) AS posts FROM posts \
               JOIN users ON users.id = author_id GROUP BY username, email, display_name ORDER BY username";
    let person = |username: &str, email: &str, name: &str, posts: &str| json!({ "username": username, "email": email, "name": name, "posts": posts });
    assert_eq!(
        rows(&folder, sql),
        [
            person("ada", "ada@example.org", "Ada Lovelace", "2"),
            person(
                "grace-hopper",
                "grace-hopper@import.invalid",
                "Grace & Hopper",
                "2"
            ),
            person("writer-2", "sam@example.org", "", "1"),
        ]
    );
    let told: Vec<Value> = imported["notes"].as_array().unwrap().clone();
    let told: Vec<&str> = told.iter().map(|note| note["what"].as_str().unwrap()).collect();
    for what in [
        "author whom the file does not describe: “Grace &amp; Hopper” is now “grace-hopper”",
        "author whom the file does not describe: “sam@example.org” is now “writer-2”",
        "person without an email address of their own, given one that does not work until an administrator changes it: grace-hopper",
    ] {
        assert!(told.contains(&what), "{what}: {told:#?}");
    }
    assert_eq!(
        notes(&imported, "Four"),
        ["text without an author, now by somebody in the file: “ada”"]
    );
}
