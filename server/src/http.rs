//! How connections and requests are taken: the listener, its limits, and the layers around every route.

/// The `Accept-Encoding` header.
pub(crate) mod accept_encoding;
/// Bodies of requests.
pub(crate) mod bodies;
/// The outermost layer of the server.
pub(crate) mod cache_layer;
/// Where a request comes from.
pub(crate) mod client_address;
/// How many answers are made for one client at the same time.
pub(crate) mod client_limit;
/// Answers made smaller.
pub(crate) mod compression;
/// Answers that somebody has already.
pub(crate) mod conditional;
/// Open connections.
pub(crate) mod connections;
/// The Content Security Policy of pages.
pub(crate) mod content_security_policy;
/// For which host a request is meant.
pub(crate) mod host;
/// Memory for the bodies of requests.
pub(crate) mod memory_budget;
/// How many files may be open at once.
pub mod open_files;
/// Pages that are kept for whoever is not known here.
pub(crate) mod page_cache;
/// Faults that stop one request.
pub mod panics;
/// A name for each request.
pub(crate) mod request_id;
/// Requests that are tried a second time.
pub(crate) mod retry;
/// Sessions, the same-origin check, and response headers.
pub(crate) mod security;
/// Accepts connections.
pub(crate) mod serve;
