//! Health checks: whether the program is running, and whether it is ready for requests.

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use domain::{AppState, platform::db::WriteState};
use migration::Migrator;
use serde_json::{Value, json};
use shared::paths;
use tokio_util::sync::CancellationToken;

/// The parts that readiness depends on.
#[derive(Clone)]
pub(crate) struct Health {
    /// The state of the application.
    pub state: AppState,
    /// Cancelled when a stop has been requested.
    pub stopping: CancellationToken,
}

/// Returns the routes of both checks. They do not use sessions.
pub(crate) fn routes(health: Health) -> Router {
    Router::new()
        .route(paths::HEALTH, get(|| async { "ok" }))
        .route(paths::READY, get(ready))
        .with_state(health)
}

/// Responds with 200 if everything that a page needs is available, and with 503 otherwise. The body contains the state
/// of each part.
async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let (database, migrations) = match Migrator::lacking(health.state.db.reader()).await {
        Ok(0) => ("ok", "ok"),
        Ok(_) => ("ok", "pending"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database cannot be reached");
            ("unreachable", "unknown")
        }
    };
    // Pages can still be read if the disk is full.
    let (writing, is_writing) = match health.state.db.write_health().state() {
        WriteState::Ok => ("ok", true),
        WriteState::DiskFull => ("disk full", true),
        WriteState::Failing => ("failing", false),
    };
    let is_stopping = health.stopping.is_cancelled();
    let is_ready = (database, migrations) == ("ok", "ok") && is_writing && !is_stopping;
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let parts: Value = json!({
        "ready": is_ready,
        "database": database,
        "migrations": migrations,
        "writing": writing,
        "stopping": is_stopping,
    });
    (status, Json(parts))
}
