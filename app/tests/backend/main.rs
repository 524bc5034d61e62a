//! Use-cases on a real, migrated SQLite database.

mod account;
mod db;
mod post;
mod session;
mod site;
