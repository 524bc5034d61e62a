//! What runs beside requests: backups, error alerts, metrics, and the ways of starting and stopping.

/// Backups of a site.
pub mod backup;
/// One server at a time for a database.
pub(crate) mod database_lock;
/// Faults that are mailed.
pub(crate) mod error_alerts;
/// What a monitoring system asks.
pub(crate) mod metrics;
/// When to stop.
pub mod shutdown;
/// What systemd is told.
pub mod systemd;
/// The log.
pub mod telemetry;
