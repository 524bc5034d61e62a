//! The session store. Sessions are kept in the database under the SHA-256 of the session id, so that read access to
//! the table, or to a copy of it, does not give anybody a usable session id.

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

/// The key of [`SignIn`] in a session's data.
pub const SIGN_IN: &str = "sign_in";
/// The idle timeout of a session.
const IDLE: Duration = Duration::days(14);
/// The idle timeout of a session with "remember me".
const REMEMBERED: Duration = Duration::days(30);
/// The absolute timeout of every session (OWASP, Session Management: absolute timeout).
const ABSOLUTE: Duration = Duration::days(90);

/// The login that a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The id of the user.
    pub user_id: i64,
    /// The time of the login.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// Whether the session outlives the browser.
    pub remembered: bool,
    /// The time at which the browser was last sent the cookie.
    #[serde(with = "time::serde::timestamp")]
    pub cookie_at: OffsetDateTime,
    /// The `User-Agent` of the browser.
    pub agent: String,
    /// The IP address of the browser.
    pub address: String,
    /// The time at which the user has last entered the password. `None` in sessions of earlier versions.
    #[serde(default, with = "time::serde::timestamp::option")]
    pub authenticated_at: Option<OffsetDateTime>,
}

impl SignIn {
    /// Parses the login from a session's data as stored in the table.
    ///
    /// # Errors
    ///
    /// Returns an error if the data was not written by [`DbSessionStore`].
    pub fn parse(data: &str) -> Result<Option<Self>> {
        let undecodable = |error: serde_json::Error| Error::Decode(error.to_string());
        let mut data: HashMap<String, serde_json::Value> = serde_json::from_str(data).map_err(undecodable)?;
        let sign_in = data.remove(SIGN_IN).map(serde_json::from_value);
        sign_in.transpose().map_err(undecodable)
    }

    /// Returns when the session expires if it is last used at `now`.
    #[must_use]
    pub fn expires_at(&self, now: OffsetDateTime) -> OffsetDateTime {
        let idle = if self.remembered { REMEMBERED } else { IDLE };
        (now + idle).min(self.at + ABSOLUTE)
    }

    /// Returns how long the browser keeps the cookie.
    #[must_use]
    pub const fn cookie_expiry(&self) -> Expiry {
        if self.remembered {
            Expiry::OnInactivity(REMEMBERED)
        } else {
            Expiry::OnSessionEnd
        }
    }
}

/// A session store in the database.
#[derive(Debug, Clone)]
pub struct DbSessionStore {
    db: Db,
    clock: Clock,
}

impl DbSessionStore {
    /// Creates a store that keeps sessions in `db`.
    #[must_use]
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Deletes the expired sessions and returns their number.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn sweep(&self) -> std::result::Result<u64, DbErr> {
        let expired = session::Column::ExpiresAt.lte(self.clock.now());
        let swept = session::Entity::delete_many()
            .filter(expired)
            .exec(self.db.writer())
            .await?;
        Ok(swept.rows_affected)
    }

    /// Converts `record` to a row. The login is copied into separate columns.
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

    /// Only updates: a session that was ended by another request or with its user must not be created again.
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

/// Returns the key of the session in the table. An id has 128 random bits and cannot be derived from its hash.
#[must_use]
pub fn hash(id: &Id) -> String {
    digest::sha256(id.to_string())
}

/// Logs a database error and converts it to a session error.
pub(crate) fn unreachable(error: DbErr) -> Error {
    shared::error::log(&error);
    Error::Backend(error.to_string())
}
