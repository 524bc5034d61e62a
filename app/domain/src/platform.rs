//! The foundation of all use-cases: the database, the clock, rate limits, leases and outgoing requests.

/// The clock.
pub mod clock;
/// Connections, pools and transactions.
pub mod db;
/// Random values and hashes.
pub mod digest;
/// The tables.
pub mod entity;
/// The origin that is part of the ids of feed entries.
pub mod first_origin;
/// Whether something that was read is still current.
pub mod freshness;
/// Leases for work that one process at a time does.
pub mod lease;
/// Rate limits.
pub mod limit;
/// Paginated lists.
pub mod list;
/// Outgoing HTTP requests.
pub mod outgoing;
/// A cache of what everybody may see.
pub(crate) mod read_cache;
/// Single-use tokens.
pub mod token;
/// What pages show, for the cache.
pub mod topic;
/// Violations of unique constraints.
pub(crate) mod unique;
/// Worker threads for CPU-bound work.
pub(crate) mod workers;
