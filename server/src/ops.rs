//! Operation of the server: backups, error alerts, metrics, start and stop.

pub mod backup;
pub(crate) mod database_lock;
pub(crate) mod error_alerts;
pub(crate) mod metrics;
pub mod shutdown;
pub mod systemd;
pub mod telemetry;
