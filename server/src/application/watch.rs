//! Has pages made anew that somebody else has changed: a command, or another server.

use std::{convert::Infallible, time::Duration};

use domain::platform::db::{Db, Listener};
use sea_orm::DbErr;
use shared::forms::Secret;
use tokio::time::sleep;

/// How often SQLite is asked whether anybody else has written, and how soon a database that is away is tried again.
const BEAT: Duration = Duration::from_secs(1);

/// Watches the database `db` at `url`.
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

/// Commands write to the file of an SQLite site while the server runs.
async fn feel(db: &Db) -> Result<Infallible, DbErr> {
    // Nobody knows what was written before.
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
