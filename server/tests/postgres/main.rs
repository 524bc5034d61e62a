//! The program on PostgreSQL, which `TEST_DATABASE_URL` names and `TEST_DATABASE_CONTROL` restarts.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod balanced;
mod copy;
#[path = "../../../app/tests/backend/database.rs"]
mod database;
mod outage;
#[path = "../cli/program.rs"]
mod program;
mod refusal;
#[path = "../cli/site.rs"]
#[expect(dead_code, reason = "other tests upload as well")]
mod site;
mod together;
