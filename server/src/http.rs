//! Accepts connections and requests: the listener, its limits, and the layers around every route.

pub(crate) mod accept_encoding;
pub(crate) mod bodies;
pub(crate) mod cache_layer;
pub(crate) mod client_address;
pub(crate) mod client_limit;
pub(crate) mod compression;
pub(crate) mod conditional;
pub(crate) mod connections;
pub(crate) mod content_security_policy;
pub(crate) mod host;
pub(crate) mod memory_budget;
pub mod open_files;
pub(crate) mod page_cache;
pub mod panics;
pub(crate) mod request_id;
pub(crate) mod retry;
pub(crate) mod security;
pub(crate) mod serve;
