//! The log. It never holds a password, a token, a session id, an address or a body.

use tracing_subscriber::EnvFilter;

/// Writes the log to standard error, as much of it as `filter` says (checked by the configuration).
pub fn init(filter: &str) {
    tracing_subscriber::fmt()
        // A session that has ended is looked for whenever its browser comes back: nothing to warn of.
        .with_env_filter(EnvFilter::new(format!("tower_sessions_core=error,{filter}")))
        .with_writer(std::io::stderr)
        .init();
}
