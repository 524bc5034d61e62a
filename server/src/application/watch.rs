//! Invalidates cached pages when a command or another server has changed the database.

use std::{convert::Infallible, time::Duration};

use domain::platform::{
    db::{Db, Listener},
    topic::Topic,
};
use sea_orm::DbErr;
use shared::forms::Secret;
use tokio::time::sleep;

/// The interval at which SQLite is checked for writes by others, and after which a lost database connection is retried.
const INTERVAL: Duration = Duration::from_secs(1);

/// Watches the database `db` at `url` for changes by others.
pub(super) async fn watch(db: Db, url: Secret) {
    loop {
        let watched = if db.is_shared() {
            listen(&db, url.expose()).await
        } else {
            poll(&db).await
        };
        let Err(error) = watched;
        tracing::debug!(%error, "changes by others are not noticed until the database is back");
        sleep(INTERVAL).await;
    }
}

/// Watches an SQLite database, whose file commands may change while the server runs.
async fn poll(db: &Db) -> Result<Infallible, DbErr> {
    // Writes before the first check are unknown, so the first check always counts as a change.
    let mut last = None;
    loop {
        let version = db.written_by_others().await?;
        if last.replace(version) != Some(version) {
            db.changes().record([Topic::Everything]);
        }
        sleep(INTERVAL).await;
    }
}

async fn listen(db: &Db, url: &str) -> Result<Infallible, DbErr> {
    let mut listener = Listener::open(db, url).await?;
    // Changes before the listener was there are unknown.
    db.changes().record([Topic::Everything]);
    loop {
        db.changes().record(listener.recv().await?);
    }
}
