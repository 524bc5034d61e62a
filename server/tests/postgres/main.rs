//! Tests of the program with PostgreSQL. `TEST_DATABASE_URL` is the URL of the server, and `TEST_DATABASE_CONTROL` the
//! command that restarts it.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../cli/at_once.rs"]
mod at_once;
mod balanced;
#[path = "../../../app/domain/tests/use_cases/bucket.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod bucket;
#[path = "../cli/certificate.rs"]
mod certificate;
mod check;
mod copy;
#[path = "../../../app/domain/tests/use_cases/database.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod database;
mod encrypted;
mod full_disk;
mod jobs;
#[path = "../cli/mail_server.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod mail_server;
mod outage;
#[path = "../cli/place.rs"]
mod place;
#[path = "../cli/program.rs"]
mod program;
mod refusal;
mod schedule;
mod shell;
#[path = "../cli/site.rs"]
mod site;
mod sql;
#[path = "../cli/story.rs"]
mod story;
mod together;
#[path = "../cli/upgrade.rs"]
mod upgrade;
#[path = "../cli/wait.rs"]
mod wait;
