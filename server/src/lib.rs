//! The program itself: configuration, command line, router and middleware around [`app`].

/// Builds the application from its configuration and runs it.
pub mod application;
/// Files for the browser.
mod assets;
/// Backups of a site.
pub mod backup;
/// Bodies of requests.
mod bodies;
/// Where a request comes from.
mod client_address;
/// How many answers are made for one client at the same time.
mod client_limit;
/// What an administrator does from the command line.
pub mod commands;
/// Answers made smaller.
mod compression;
/// Answers that somebody has already.
mod conditional;
/// Settings: where they come from and what they must be.
pub mod config;
/// Open connections.
mod connections;
/// Faults that are mailed.
mod faults;
/// Feeds of posts.
mod feeds;
/// What every request meets first.
mod front;
/// What the head of a page tells machines.
mod head;
/// Whether the program is alive and ready.
mod health;
/// For which host a request is meant.
mod host;
/// Where the links in mails lead.
mod links;
/// One server at a time for a database.
mod lock;
/// People's pictures.
mod media;
/// Memory for the bodies of requests.
mod memory_budget;
/// What a monitoring system asks.
mod metrics;
/// How many files may be open at once.
pub mod open_files;
/// Pages that are kept for whoever is not known here.
mod page_cache;
/// Pages, rendered on the server.
mod pages;
/// Faults that stop one request.
pub mod panics;
/// Numbers with the right form of a noun.
mod plural;
/// What a page may load and run.
mod policy;
/// How far long work is.
mod progress;
/// A name for each request.
mod request_id;
/// Requests that are tried a second time.
mod retry;
/// Every route.
pub mod router;
/// What guards every request.
mod security;
/// Accepts connections.
mod serve;
/// Calls from pages and plain forms to server functions.
mod server_functions;
/// When to stop.
pub mod shutdown;
/// Every public address, for crawlers.
mod sitemap;
/// What systemd is told.
pub mod supervisor;
/// The log.
pub mod telemetry;
/// How pages are to look.
mod theme;
/// Sites and people's data, out and in.
pub mod transfer;
/// Files that people send.
mod uploads;
/// Small files at fixed addresses.
mod well_known;

pub use faults::Faults;
