//! The log. It never holds a password, a token, a session id, an address or a body.

use tracing_subscriber::EnvFilter;

/// Writes the log to standard error, as much of it as `filter` says (checked by the configuration).
pub fn init(filter: &str) {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .init();
}
