//! What all use-cases stand on: the database, the clock, limits, and work that several servers share.

/// What time it is.
pub mod clock;
/// Connections, pools and transactions.
pub mod db;
/// Random values and what is kept of them.
pub mod digest;
/// The tables.
pub mod entity;
/// The address by which feeds name posts for ever.
pub mod first_origin;
/// Work that one process at a time does.
pub mod lease;
/// How often somebody may do something.
pub mod limit;
/// Lists that are read in pages.
pub mod list;
/// Values that must be unique.
pub(crate) mod unique;
/// Threads for heavy work.
pub(crate) mod workers;
