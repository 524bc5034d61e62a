//! The program as it is started.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod demo;
mod mail;
mod program;
mod settings;
