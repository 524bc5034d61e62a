//! Tests of the program as a separate process.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod appearance;
mod at_once;
mod backup;
#[path = "../../../app/domain/tests/use_cases/bucket.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod bucket;
mod certificate;
mod config;
#[path = "../../../app/domain/tests/use_cases/database.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod database;
mod demo;
mod disk;
mod durability;
mod faults;
mod faulty;
mod ghost;
#[path = "../../../app/domain/tests/use_cases/hostile_pictures.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod hostile_pictures;
mod import;
mod invite;
mod jobs;
mod log;
mod long_text;
mod mail;
mod mail_server;
mod media;
mod network;
mod operation;
mod place;
mod post;
mod process;
mod program;
mod refused_writes;
mod restore;
mod service;
mod settings;
mod shell;
mod site;
mod soak;
mod story;
mod transfer;
mod upgrade;
mod upload;
mod user;
mod wait;
mod wordpress;
