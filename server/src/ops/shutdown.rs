//! When to stop.

use std::{future::pending, io};

use axum::{
    http::{HeaderValue, header::CONNECTION},
    response::Response,
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// From the call on, Ctrl-C and a supervisor's SIGTERM no longer end the program by themselves; the future is ready when
/// one of them has come.
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

/// Has whoever keeps connections open, as proxies do, leave them while the program is `stopping`: a request that goes out on one
/// at the moment at which it is closed would be lost.
pub(crate) fn last_answer(stopping: &CancellationToken, response: &mut Response) {
    if stopping.is_cancelled() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
}
