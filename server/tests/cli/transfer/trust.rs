//! Tests of importing files that may be forged.

use super::*;

#[test]
fn a_stranger_s_file_brings_no_role_no_password_and_takes_nobody_s_place() {
    let folder = full_site();
    let file = folder.path().join("site.zip");
    export(&folder, &file, &[]);
    let other = tempfile::tempdir().unwrap();
    let site = Site::start(&other, &[]);
    // The site has a different user called Ada, and somebody who has registered Grace's email address without owning
    // it.
    let ada = site.member("ada");
    ada.publish("By the other Ada", "Text.").unwrap();
    let moved = "UPDATE users SET email = 'ada@other.example', email_key = 'ada@other.example'";
    assert!(run(&other, &[], &["shell", "--write", moved]).status.success());
    let fields = [
        ("username", "eve"),
        ("email", "grace@example.org"),
        ("password", "eve-secret!"),
        ("confirm_password", "eve-secret!"),
    ];
    assert_eq!(site.visitor().post("/register", &fields).unwrap().status, 303);
    let refused = run(&other, &[], &["import", file.to_str().unwrap(), "--yes"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("eve has here but has not confirmed"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(
        site.visitor().get("/user/grace").unwrap().status,
        404,
        "nothing has changed"
    );
    assert!(
        run(&other, &[], &["user", "delete", "eve", "--yes"])
            .status
            .success()
    );
    import(&other, &file);
    let shown = run(&other, &[], &["user", "show", "Ada-2", "--json"]);
    let person: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(person["role"], "member", "an administrator there is none here");
    assert_eq!(person["posts"], 3);
    let page = site.visitor().get("/user/ada").unwrap().text();
    assert!(
        page.contains("1 post ") || page.contains("1 post<"),
        "nothing was added to the other Ada"
    );
    let login = [("login", "Ada-2"), ("password", "Ada-secret!")];
    assert_eq!(site.visitor().post("/login", &login).unwrap().status, 401);
    site.end();

    // If the file is trusted, both are imported.
    let third = tempfile::tempdir().unwrap();
    Site::start(&third, &[]).member("joan");
    let believed = run(
        &third,
        &[],
        &["import", file.to_str().unwrap(), "--yes", "--trust"],
    );
    assert!(believed.status.success(), "{}", stderr(&believed));
    assert!(stdout(&run(&third, &[], &["acts"])).contains("command line added Ada: an administrator"));
    let site = Site::start(&third, &[]);
    site.visitor().log_in("Ada");
    site.end();
}

// NAM-02
#[test]
fn only_a_trusted_file_brings_names_that_are_reserved() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    site.member("ada");
    site.end();
    for statement in [
        "UPDATE users SET username = 'Support', username_key = 'support'",
        "INSERT INTO former_usernames (username_key, user_id) SELECT 'security', id FROM users",
    ] {
        let changed = run(&folder, &[], &["shell", "--write", statement]);
        assert!(changed.status.success(), "{}", stderr(&changed));
    }
    let file = folder.path().join("site.zip");
    export(&folder, &file, &[]);
    for (options, support, security) in [(&[][..], 404, 404), (&["--trust"], 200, 308)] {
        let other = tempfile::tempdir().unwrap();
        // The first import into a site without people is trusted.
        let site = Site::start(&other, &[]);
        site.member("joan");
        site.end();
        let file = file.to_str().unwrap();
        let arguments = [&["import", file, "--yes"], options].concat();
        let imported = run(&other, &[], &arguments);
        assert!(imported.status.success(), "{}", stderr(&imported));
        let site = Site::start(&other, &[]);
        let visitor = site.visitor();
        assert_eq!(
            visitor.get("/user/Support").unwrap().status,
            support,
            "{options:?}"
        );
        assert_eq!(
            visitor.get("/user/security").unwrap().status,
            security,
            "{options:?}"
        );
        let renamed = visitor.get("/user/Support-2").unwrap().status;
        assert_eq!(renamed == 200, options.is_empty(), "{renamed}");
        site.end();
    }
}
