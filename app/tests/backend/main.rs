//! Use-cases on a real, migrated SQLite database.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod account;
mod db;
mod post;
mod session;
mod site;
