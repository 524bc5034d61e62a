//! Hears what other servers on PostgreSQL have changed of what everybody may read.

use std::time::Duration;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, Executor, postgres::PgListener},
};
use tokio::time::timeout;

use super::{Content, Db};

/// Where a server tells the others that it has changed something.
const CHANNEL: &str = "broadsheet_content";
/// After so long without a word, the connection may be dead.
const SILENCE: Duration = Duration::from_secs(10);

/// What a transaction says when it is committed.
pub(super) fn word(content: &Content) -> String {
    format!("NOTIFY {CHANNEL}, '{}'", content.server())
}

/// Listens, by a connection of its own.
#[derive(Debug)]
pub struct Ear {
    listener: PgListener,
    content: Content,
}

impl Ear {
    /// Listens to the database `db` at `url`.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(db: &Db, url: &str) -> Result<Self, DbErr> {
        let mut listener = PgListener::connect(url).await.map_err(told)?;
        listener.listen(CHANNEL).await.map_err(told)?;
        Ok(Self {
            listener,
            content: db.content().clone(),
        })
    }

    /// Waits until another server has changed something, or may have while nobody listened.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hear(&mut self) -> Result<(), DbErr> {
        loop {
            let Ok(word) = timeout(SILENCE, self.listener.try_recv()).await else {
                // A connection that is lost says so now.
                self.listener.execute("SELECT 1").await.map_err(told)?;
                continue;
            };
            // Without a word, the connection was lost, and words with it.
            let word = word.map_err(told)?;
            let is_own = word.is_some_and(|word| word.payload() == self.content.server().to_string());
            if !is_own {
                return Ok(());
            }
        }
    }
}

fn told(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
