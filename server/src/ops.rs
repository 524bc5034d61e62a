//! Operation of the server: backups, error alerts, metrics, start and stop.

/// Backups of a site.
pub mod backup;
/// One server at a time for a database.
pub(crate) mod database_lock;
/// Faults that are mailed.
pub(crate) mod error_alerts;
/// Metrics for a monitoring system.
pub(crate) mod metrics;
/// When to stop.
pub mod shutdown;
/// Notifications to systemd.
pub mod systemd;
/// The log.
pub mod telemetry;
