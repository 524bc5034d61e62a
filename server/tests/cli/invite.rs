//! Tests of the commands for invitations.

use serde_json::Value;

use crate::{
    program::{run, stderr, stdout},
    site::Site,
};

#[test]
fn somebody_is_invited_listed_and_the_invitation_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let closed = [("BROADSHEET_REGISTRATION", "invited")];
    let invited = run(&folder, &[], &["invite", "--uses", "2", "--days", "3"]);
    assert!(invited.status.success(), "{}", stderr(&invited));
    let link = stdout(&invited).trim().to_owned();
    let (_, token) = link.rsplit_once("/invite/").unwrap();
    assert_eq!(token.len(), 64, "{link}");

    let list = || -> Value {
        let output = run(&folder, &[], &["invite", "list", "--json"]);
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let open = &list()["open"][0];
    assert_eq!((&open["role"], &open["uses_left"]), (&"member".into(), &2.into()));
    assert!(open["inviter"].is_null() && open["expires_at"].is_string());
    let lines = stdout(&run(&folder, &[], &["invite", "list"]));
    assert!(lines.contains("2 people") && !lines.contains(token), "{lines}");

    let site = Site::start(&folder, &closed);
    let ada = site.visitor();
    let page = ada.get(&format!("/invite/{token}")).unwrap();
    assert_eq!((page.status, page.location.as_str()), (303, "/invite"));
    site.end();

    let id = open["id"].to_string();
    let revoked = run(&folder, &[], &["invite", "revoke", &id]);
    assert_eq!(stdout(&revoked), format!("Invitation {id} has been revoked.\n"));
    assert!(list()["open"].as_array().unwrap().is_empty());
    let again = run(&folder, &[], &["invite", "revoke", &id]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(
        stderr(&again),
        format!("broadsheet: there is no invitation {id}\n")
    );
}

#[test]
fn an_invitation_to_a_role_is_mailed_and_needs_an_address() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let refused = run(&folder, &[], &["invite", "--role", "moderator"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("email address"), "{}", stderr(&refused));
    let arguments = ["invite", "--role", "moderator", "--email", "ada@example.org"];
    let invited = run(&folder, &[], &arguments);
    let told = stdout(&invited);
    assert!(
        told.contains("ada@example.org") && !told.contains("/invite/"),
        "{told}"
    );
    let queue = stdout(&run(&folder, &[], &["mail", "queue"]));
    assert!(queue.contains("invitation to ada@example.org"), "{queue}");
    let refused = run(&folder, &[], &["invite", "--days", "0"]);
    assert!(stderr(&refused).contains("1 to 365"), "{}", stderr(&refused));
}
