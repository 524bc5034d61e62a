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
/// The time without a notification after which the connection to PostgreSQL is checked.
const SILENCE: Duration = Duration::from_secs(10);

/// Starts to watch the database `db` at `url`. Returns the task that goes on watching, which notices all changes since
/// then.
pub(super) async fn start(db: Db, url: Secret) -> impl Future<Output = ()> {
    let mut opened = Box::pin(Watcher::open(&db, url.expose())).await;
    if let Err(error) = &opened {
        tracing::warn!(%error, "changes by other servers are not noticed: pages may be a minute old");
    }
    async move {
        loop {
            let Err(error) = watch(opened, &db).await;
            db.changes().watch(false);
            tracing::debug!(%error, "changes by others are not noticed until the database is back");
            sleep(INTERVAL).await;
            opened = Watcher::open(&db, url.expose()).await;
        }
    }
}

async fn watch(opened: Result<Watcher, DbErr>, db: &Db) -> Result<Infallible, DbErr> {
    let mut watcher = opened?;
    loop {
        db.changes().record(watcher.next().await?);
    }
}

/// Waits for changes by others.
enum Watcher {
    /// Compares a number that changes when another process writes to the SQLite database.
    Poll { db: Db, version: i64 },
    /// Receives the notifications of other servers that use the PostgreSQL database.
    Listen(Listener),
}

impl Watcher {
    async fn open(db: &Db, url: &str) -> Result<Self, DbErr> {
        let watcher = if db.is_shared() {
            Self::Listen(Listener::open(db, url).await?)
        } else {
            let version = db.written_by_others().await?;
            Self::Poll {
                db: db.clone(),
                version,
            }
        };
        db.changes().watch(true);
        Ok(watcher)
    }

    /// Returns the topics that others have changed or may have changed.
    async fn next(&mut self) -> Result<Vec<Topic>, DbErr> {
        match self {
            Self::Listen(listener) => listener.recv(SILENCE).await,
            Self::Poll { db, version } => loop {
                sleep(INTERVAL).await;
                let now = db.written_by_others().await?;
                if std::mem::replace(version, now) != now {
                    return Ok(vec![Topic::Everything]);
                }
            },
        }
    }
}
