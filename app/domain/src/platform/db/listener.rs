//! Receives notifications of the topics that other servers have changed, on PostgreSQL.

use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DbErr, RuntimeErr,
    sqlx::{
        self,
        postgres::{PgConnectOptions, PgListener, PgNotification, PgPoolOptions},
    },
};
use tokio::time::timeout;

use super::{Db, TIMEOUT, changes::CHANNEL};
use crate::platform::topic::Topic;

/// The `application_name` of the connection (`pg_stat_activity`).
const NAME: &str = "broadsheet listener";

/// A listener on a separate connection.
#[derive(Debug)]
pub struct Listener {
    connection: PgListener,
    db: Db,
    /// The channel on which the listener notifies itself.
    probe: String,
}

impl Listener {
    /// Listens to the database `db` at `url`.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached, or does not pass notifications on.
    pub async fn open(db: &Db, url: &str) -> Result<Self, DbErr> {
        let probe = format!("broadsheet_probe_{}", fastrand::u64(..));
        let opened = async {
            let options: PgConnectOptions = url.parse()?;
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(TIMEOUT);
            let pool = pool.connect_with(options.application_name(NAME)).await?;
            let mut listener = PgListener::connect_with(&pool).await?;
            // A lost connection is reported before the listener reconnects.
            listener.eager_reconnect(false);
            listener.listen_all([CHANNEL, probe.as_str()]).await?;
            Ok(listener)
        };
        let opened = timeout(2 * TIMEOUT, opened).await;
        let mut listener = Self {
            connection: opened
                .unwrap_or(Err(sqlx::Error::PoolTimedOut))
                .map_err(db_error)?,
            db: db.clone(),
            probe,
        };
        listener.check().await?;
        Ok(listener)
    }

    /// Waits until another server has changed something, and returns the topics. While there are no notifications, the
    /// connection is checked each time that `silence` has passed.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection was lost, possibly with notifications. A new listener is needed then.
    pub async fn recv(&mut self, silence: Duration) -> Result<Vec<Topic>, DbErr> {
        loop {
            let notification = match self.next(silence).await? {
                Some(notification) => notification,
                None => self.check().await?,
            };
            if notification.channel() == CHANNEL {
                let topics = self.db.changes().told(notification.payload());
                if !topics.is_empty() {
                    return Ok(topics);
                }
            }
        }
    }

    /// Notifies this listener over another connection, and returns the next notification. A pooler that assigns
    /// connections by transaction accepts `LISTEN`, but does not pass notifications on.
    async fn check(&mut self) -> Result<PgNotification, DbErr> {
        let notify = format!("NOTIFY {}", self.probe);
        self.db.writer().execute_unprepared(&notify).await?;
        self.next(TIMEOUT).await?.ok_or_else(lost)
    }

    /// Returns the next notification, or `None` if there is none for as long as `silence`.
    async fn next(&mut self, silence: Duration) -> Result<Option<PgNotification>, DbErr> {
        let Ok(notification) = timeout(silence, self.connection.try_recv()).await else {
            return Ok(None);
        };
        notification.map_err(db_error)?.ok_or_else(lost).map(Some)
    }
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("no notifications arrive".to_owned()))
}

fn db_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
