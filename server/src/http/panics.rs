//! Handles panics during a request: the visitor gets an error page, the location is logged, and the program continues.

use std::panic::{AssertUnwindSafe, PanicHookInfo};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use shared::error::AppError;

use crate::routes::pages::Pages;

/// Writes panics to the log instead of standard error.
pub fn log() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        // A closed pipe is not an error: programs such as `head` stop reading when they have enough.
        let message = panic.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to stdout: Broken pipe") {
            std::process::exit(0);
        }
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(place, %backtrace, "{}", panic.payload_as_str().unwrap_or("panic"));
    }));
}

/// Responds to a request that panics with the page for internal errors.
pub(crate) async fn catch(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.clone();
    let running = AssertUnwindSafe(next.run(Request::from_parts(parts, body)));
    match running.catch_unwind().await {
        Ok(response) => response,
        Err(_) => pages.problem(head, AppError::Internal).await,
    }
}
