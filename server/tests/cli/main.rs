//! The program as it is started.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod config;
mod demo;
mod log;
mod mail;
mod operation;
mod post;
mod program;
mod service;
mod settings;
mod user;
