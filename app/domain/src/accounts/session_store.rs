//! Where sessions are kept: in the database, found by the SHA-256 of the id in the cookie. Whoever reads the table, or a
//! copy of it, cannot sign in with what is there.

use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::platform::{clock::Clock, db::Db, digest, entity::session};

/// The key in a session's data that holds who is signed in.
pub const SIGN_IN: &str = "sign_in";
/// A session that nobody uses ends after this.
const IDLE: Duration = Duration::days(14);
/// The same with "remember me".
const REMEMBERED: Duration = Duration::days(30);
/// Every session ends after this, however much it is used (OWASP, Session Management: absolute timeout).
const ABSOLUTE: Duration = Duration::days(90);

/// Who is signed in, since when and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The person.
    pub user_id: i64,
    /// Since when.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// Whether it outlives the browser.
    pub remembered: bool,
    /// When the browser was last given its cookie.
    #[serde(with = "time::serde::timestamp")]
    pub cookie_at: OffsetDateTime,
    /// What the browser called itself.
    pub agent: String,
    /// The address that it came from.
    pub address: String,
}

impl SignIn {
    /// Who is signed in with a session that holds `data`, as the table has it.
    ///
    /// # Errors
    /// When it is not what [`DbSessionStore`] writes.
    pub fn of(data: &str) -> Result<Option<Self>> {
        let undecodable = |error: serde_json::Error| Error::Decode(error.to_string());
        let mut data: HashMap<String, serde_json::Value> = serde_json::from_str(data).map_err(undecodable)?;
        let sign_in = data.remove(SIGN_IN).map(serde_json::from_value);
        sign_in.transpose().map_err(undecodable)
    }

    /// When the session ends, if it is used for the last time at `now`.
    #[must_use]
    pub fn expires_at(&self, now: OffsetDateTime) -> OffsetDateTime {
        let idle = if self.remembered { REMEMBERED } else { IDLE };
        (now + idle).min(self.at + ABSOLUTE)
    }

    /// How long the browser keeps the cookie.
    #[must_use]
    pub const fn cookie_expiry(&self) -> Expiry {
        if self.remembered {
            Expiry::OnInactivity(REMEMBERED)
        } else {
            Expiry::OnSessionEnd
        }
    }
}

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

    /// `record` as a row; who is signed in, where and until when stands in columns of its own.
    fn row(&self, record: &Record) -> Result<session::ActiveModel> {
        let now = self.clock.now();
        let sign_in: Option<SignIn> = record
            .data
            .get(SIGN_IN)
            .map(|value| serde_json::from_value(value.clone()))
            .transpose()
            .map_err(|error| Error::Encode(error.to_string()))?;
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let row = session::ActiveModel {
            id_hash: Set(hash(&record.id)),
            data: Set(data),
            expires_at: Set(record
                .expiry_date
                .replace_nanosecond(0)
                .unwrap_or(record.expiry_date)),
            last_seen_at: Set(Some(now)),
            ..Default::default()
        };
        Ok(match sign_in {
            Some(sign_in) => session::ActiveModel {
                user_id: Set(Some(sign_in.user_id)),
                expires_at: Set(sign_in.expires_at(now)),
                signed_in_at: Set(Some(sign_in.at)),
                remembered: Set(sign_in.remembered),
                agent: Set(sign_in.agent),
                address: Set(sign_in.address),
                ..row
            },
            None => row,
        })
    }
}

#[async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let keep_existing = OnConflict::column(session::Column::IdHash)
            .do_nothing()
            .to_owned();
        loop {
            let inserted = session::Entity::insert(self.row(record)?)
                .on_conflict(keep_existing.clone())
                .exec_without_returning(self.db.writer())
                .await
                .map_err(unreachable)?;
            if inserted == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    /// A session that has ended meanwhile, from another browser or with its person, stays ended.
    async fn save(&self, record: &Record) -> Result<()> {
        session::Entity::update_many()
            .set(self.row(record)?)
            .filter(session::Column::IdHash.eq(hash(&record.id)))
            .exec(self.db.writer())
            .await
            .map_err(unreachable)?;
        Ok(())
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

/// The id as the table knows it. An id has 128 random bits: it cannot be found from its hash.
#[must_use]
pub fn hash(id: &Id) -> String {
    digest::sha256(id.to_string())
}

/// Who somebody is cannot be told, whatever the reason: it may work in a minute.
pub(crate) fn unreachable(error: DbErr) -> Error {
    shared::error::log(&error);
    Error::Backend(error.to_string())
}
