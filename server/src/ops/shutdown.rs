//! Signals that request a stop, and the handling of open connections while the program is stopping.

use std::{future::pending, io};

use axum::{
    http::{HeaderValue, header::CONNECTION},
    response::Response,
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Installs handlers for Ctrl-C and SIGTERM, which from then on do not end the program by themselves. The returned
/// future is ready when one of these signals has arrived.
pub fn requested() -> impl Future<Output = ()> {
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async {
        tokio::select! {
            () = received(interrupt) => {}
            () = received(terminate) => {}
        }
        tracing::info!("stopping: finishing open requests");
    }
}

async fn received(signal: io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "a signal cannot be handled; it will stop the server immediately");
            pending::<()>().await;
        }
    }
}

/// Adds `Connection: close` to the response while the program is `stopping`. Clients with persistent connections, such
/// as proxies, then do not send a request on a connection that is about to be closed, which would be lost.
pub(crate) fn last_answer(stopping: &CancellationToken, response: &mut Response) {
    if stopping.is_cancelled() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
}
