//! The program itself: configuration, command line, router and middleware around [`app`].

/// Builds the application from its configuration and runs it.
pub mod application;
/// Files for the browser.
mod assets;
/// Settings: where they come from and what they must be.
pub mod config;
/// Pages, rendered on the server.
mod pages;
/// Every route.
mod router;
/// What guards every request.
mod security;
/// Calls from pages and plain forms to server functions.
mod server_functions;
/// When to stop.
pub mod shutdown;
/// The log.
pub mod telemetry;
