//! The program itself: configuration, command line, router and middleware around [`app`].

/// Builds the application from its configuration and runs it.
pub mod application;
/// The command line.
pub mod cli;
/// Settings: where they come from and what they must be.
pub mod config;
/// How connections and requests are taken: the listener, its limits, and the layers around every route.
pub mod http;
/// Operation of the server: backups, error alerts, metrics, start and stop.
pub mod ops;
/// Every route.
pub mod router;
/// The routes beside pages, by what they answer with, and how pages are rendered.
pub mod routes;
/// Sites and people's data, out and in.
pub mod transfer;

pub use ops::error_alerts::Faults;
