//! Health checks: whether the program is alive, and whether it is ready for requests.

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
    /// The program has been asked to stop.
    pub stopping: CancellationToken,
}

/// The two addresses; they know no visitor and no session.
pub(crate) fn routes(health: Health) -> Router {
    Router::new()
        .route(paths::HEALTH, get(|| async { "ok" }))
        .route(paths::READY, get(ready))
        .with_state(health)
}

/// 200 when everything is there that a page needs, else 503; each part says how it is.
async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let (database, migrations) = match Migrator::lacking(health.state.db.reader()).await {
        Ok(0) => ("ok", "ok"),
        Ok(_) => ("ok", "pending"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database cannot be reached");
            ("unreachable", "unknown")
        }
    };
    // On a full disk there is still much to read.
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
