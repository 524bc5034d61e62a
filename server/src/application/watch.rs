//! Invalidates cached pages when a command or another server has changed the database.

use std::{convert::Infallible, time::Duration};

use domain::platform::db::{Db, Listener};
use sea_orm::DbErr;
use shared::forms::Secret;
use tokio::time::sleep;

/// The interval at which SQLite is checked for writes by others, and after which a lost database connection is retried.
const BEAT: Duration = Duration::from_secs(1);

/// Watches the database `db` at `url` for changes by others.
pub(super) async fn watch(db: Db, url: Secret) {
    loop {
        let watched = if db.is_shared() {
            recv(&db, url.expose()).await
        } else {
            feel(&db).await
        };
        let Err(error) = watched;
        tracing::debug!(%error, "changes by others are not noticed until the database is back");
        sleep(BEAT).await;
    }
}

/// Watches an SQLite database, whose file commands may change while the server runs.
async fn feel(db: &Db) -> Result<Infallible, DbErr> {
    // Writes before the first check are unknown, so the first check always counts as a change.
    let mut last = None;
    loop {
        let beat = db.written_by_others().await?;
        if last.replace(beat) != Some(beat) {
            db.content().changed();
        }
        sleep(BEAT).await;
    }
}

async fn recv(db: &Db, url: &str) -> Result<Infallible, DbErr> {
    let mut ear = Listener::open(db, url).await?;
    loop {
        db.content().changed();
        ear.recv().await?;
    }
}
