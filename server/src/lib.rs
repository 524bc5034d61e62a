//! The server program: configuration, command line, router and middleware around [`app`].

pub mod application;
pub mod cli;
pub mod config;
pub mod http;
pub mod ops;
pub mod router;
pub mod routes;
pub mod transfer;

pub use ops::error_alerts::Faults;
