//! A fault that stops one request: its visitor gets a page that says so, the log says where, and the program lives on.

use std::panic::{AssertUnwindSafe, PanicHookInfo};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use shared::error::AppError;

use crate::routes::pages::Pages;

/// Has the log tell of panics, like all else that it tells.
pub fn log() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        // Whoever reads no further, as `head` does, has what they wanted.
        let message = panic.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to stdout: Broken pipe") {
            std::process::exit(0);
        }
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(place, %backtrace, "{}", panic.payload_as_str().unwrap_or("panic"));
    }));
}

/// Answers a request that panics with the page for faults of ours.
pub(crate) async fn catch(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.clone();
    let running = AssertUnwindSafe(next.run(Request::from_parts(parts, body)));
    match running.catch_unwind().await {
        Ok(response) => response,
        Err(_) => pages.problem(head, AppError::Internal).await,
    }
}
