//! The program as it is started.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod backup;
mod config;
mod demo;
mod durability;
mod faults;
mod log;
mod mail;
mod operation;
mod post;
mod program;
mod service;
mod settings;
mod shell;
mod site;
mod transfer;
mod user;
