//! Where sessions are kept: in the database, found by the SHA-256 of the id in the cookie. Whoever reads the table, or a
//! copy of it, cannot sign in with what is there.

use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::{clock::Clock, db::Db, entity::session};

/// The key in a session's data that holds who is signed in.
pub const USER_ID: &str = "user_id";

/// Sessions in the database.
#[derive(Debug, Clone)]
pub struct DbSessionStore {
    db: Db,
    clock: Clock,
}

impl DbSessionStore {
    /// Keeps sessions in `db`.
    #[must_use]
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Deletes the sessions that have expired, and says how many.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn sweep(&self) -> std::result::Result<u64, DbErr> {
        let expired = session::Column::ExpiresAt.lte(self.clock.now());
        let swept = session::Entity::delete_many()
            .filter(expired)
            .exec(self.db.writer())
            .await?;
        Ok(swept.rows_affected)
    }

    async fn insert(&self, record: &Record, on_conflict: OnConflict) -> Result<u64> {
        let row = session::ActiveModel {
            id_hash: Set(hash(&record.id)),
            user_id: Set(record.data.get(USER_ID).and_then(serde_json::Value::as_i64)),
            data: Set(serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?),
            expires_at: Set(record
                .expiry_date
                .replace_nanosecond(0)
                .unwrap_or(record.expiry_date)),
        };
        session::Entity::insert(row)
            .on_conflict(on_conflict)
            .exec_without_returning(self.db.writer())
            .await
            .map_err(unreachable)
    }
}

#[async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let keep_existing = OnConflict::column(session::Column::IdHash)
            .do_nothing()
            .to_owned();
        while self.insert(record, keep_existing.clone()).await? == 0 {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let replace = OnConflict::column(session::Column::IdHash)
            .update_columns([
                session::Column::UserId,
                session::Column::Data,
                session::Column::ExpiresAt,
            ])
            .to_owned();
        self.insert(record, replace).await.map(drop)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = session::Entity::find_by_id(hash(id))
            .filter(session::Column::ExpiresAt.gt(self.clock.now()))
            .one(self.db.reader())
            .await
            .map_err(unreachable)?;
        row.map(|row| {
            let data = serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
            Ok(Record {
                id: *id,
                data,
                expiry_date: row.expires_at,
            })
        })
        .transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::Entity::delete_by_id(hash(id))
            .exec(self.db.writer())
            .await
            .map_err(unreachable)?;
        Ok(())
    }
}

/// The id as the table knows it.
fn hash(id: &Id) -> String {
    use std::fmt::Write as _;
    Sha256::digest(id.to_string())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

fn unreachable(error: DbErr) -> Error {
    Error::Backend(error.to_string())
}
