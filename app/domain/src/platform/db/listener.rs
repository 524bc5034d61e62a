//! Receives notifications of the topics that other servers have changed, on PostgreSQL.

use std::time::Duration;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self, Executor,
        postgres::{PgConnectOptions, PgListener, PgPoolOptions},
    },
};
use tokio::time::timeout;

use super::{Changes, Db, TIMEOUT, changes::CHANNEL};
use crate::platform::topic::Topic;

/// The `application_name` of the connection (`pg_stat_activity`).
const NAME: &str = "broadsheet listener";

/// A listener on a separate connection.
#[derive(Debug)]
pub struct Listener {
    listener: PgListener,
    changes: Changes,
}

impl Listener {
    /// Listens to the database `db` at `url`.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn open(db: &Db, url: &str) -> Result<Self, DbErr> {
        let opened = async {
            let options: PgConnectOptions = url.parse()?;
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(TIMEOUT);
            let pool = pool.connect_with(options.application_name(NAME)).await?;
            let mut listener = PgListener::connect_with(&pool).await?;
            // A lost connection is reported before the listener reconnects.
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            Ok(listener)
        };
        Ok(Self {
            listener: opened.await.map_err(db_error)?,
            changes: db.changes().clone(),
        })
    }

    /// Waits until another server has changed something, and returns the topics. While there are no notifications, the
    /// connection is checked each time that `silence` has passed.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection was lost, possibly with notifications. A new listener is needed then.
    pub async fn recv(&mut self, silence: Duration) -> Result<Vec<Topic>, DbErr> {
        loop {
            let Ok(notification) = timeout(silence, self.listener.try_recv()).await else {
                let asked = timeout(TIMEOUT, self.listener.execute("SELECT 1")).await;
                asked
                    .unwrap_or(Err(sqlx::Error::PoolTimedOut))
                    .map_err(db_error)?;
                continue;
            };
            let Some(notification) = notification.map_err(db_error)? else {
                let lost = "the connection for notifications was lost".to_owned();
                return Err(DbErr::Conn(RuntimeErr::Internal(lost)));
            };
            let topics = self.changes.told(notification.payload());
            if !topics.is_empty() {
                return Ok(topics);
            }
        }
    }
}

fn db_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
