//! When to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Returns when the program is asked to stop: Ctrl-C, or SIGTERM from a supervisor.
pub async fn requested() {
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupted => {}
            _ = terminate.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be caught; only Ctrl-C stops the server in order");
            let _ = interrupted.await;
        }
    }
    tracing::info!("stopping: answering what has begun");
}
