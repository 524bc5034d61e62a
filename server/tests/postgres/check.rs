//! Tests of the report of `check` on a PostgreSQL database.

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    database,
    program::{run, stderr, stdout},
    sql::sql,
};

/// Returns the result of `check` for the database at `url`: the state, the message in the JSON output, and the plain
/// text output.
fn database_of(folder: &TempDir, url: &str) -> (String, String, String) {
    let settings = [("BROADSHEET_DATABASE_URL", url)];
    let output = run(folder, &settings, &["check", "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    let found = findings.iter().find(|it| it["what"] == "database").unwrap();
    let text = stdout(&run(folder, &settings, &["check"]));
    let line = text.lines().find(|line| line.contains(" database ")).unwrap();
    let field = |name: &str| found[name].as_str().unwrap().to_owned();
    (field("how"), field("told"), line.to_owned())
}

#[test]
fn check_warns_of_a_role_that_is_a_superuser() {
    let folder = tempfile::tempdir().unwrap();
    let superuser = database::url(folder.path());
    let (how, told, line) = database_of(&folder, &superuser);
    assert_eq!(how, "warning");
    assert!(
        told.contains("superuser") && told.contains("BROADSHEET_DATABASE_URL"),
        "{told}"
    );
    assert!(line.starts_with("warning") && line.ends_with(&told), "{line}");

    sql(&superuser, "CREATE ROLE ordinary LOGIN");
    let (how, told, _) = database_of(&folder, &superuser.replacen("postgres@", "ordinary@", 1));
    assert_eq!((how.as_str(), told.as_str()), ("ok", "can be opened"));
}
