//! Leases for work that one process at a time does, on whichever machine. If a process dies, its lease expires.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{ExprTrait, OnConflict},
};
use time::Duration;

use super::{digest, entity::lease};
use crate::AppState;
use shared::error::AppError;

/// Work that requires a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work<'a> {
    /// A backup, during which no image file is deleted.
    Backup,
    /// The notification of administrators about an error with this cause, a hash.
    Fault(&'a str),
    /// The maintenance of the milestones of lists.
    Milestones,
    /// The check whether the database can be written to.
    WriteCheck,
}

impl Work<'_> {
    /// Returns the name in the table, at most 32 characters.
    fn name(self) -> String {
        match self {
            Self::Backup => "backup".to_owned(),
            Self::Fault(cause) => format!("fault-{cause:.26}"),
            Self::Milestones => "milestones".to_owned(),
            Self::WriteCheck => "write-check".to_owned(),
        }
    }
}

/// A lease held by this process.
#[derive(Debug)]
pub struct Lease {
    name: String,
    holder: String,
}

impl Lease {
    /// Takes the lease of `work` for `lasting`. Returns `None` if another process holds it.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn take(state: &AppState, work: Work<'_>, lasting: Duration) -> Result<Option<Self>, AppError> {
        let holder = digest::random::<16>()?;
        let name = work.name();
        let lease = Self { name, holder };
        Ok(lease.renew(state, lasting).await?.then_some(lease))
    }

    /// Extends the lease to `lasting` from now. Returns `false` if another process has taken it.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn renew(&self, state: &AppState, lasting: Duration) -> Result<bool, DbErr> {
        let now = state.clock.now();
        let row = lease::ActiveModel {
            name: Set(self.name.clone()),
            holder: Set(self.holder.clone()),
            expires_at: Set(now + lasting),
        };
        let is_free = lease::Column::ExpiresAt
            .lte(now)
            .or(lease::Column::Holder.eq(self.holder.as_str()));
        let unless_held = OnConflict::column(lease::Column::Name)
            .update_columns([lease::Column::Holder, lease::Column::ExpiresAt])
            .action_and_where(is_free)
            .to_owned();
        let taken = lease::Entity::insert(row)
            .on_conflict(unless_held)
            .exec_without_returning(state.db.writer())
            .await?;
        Ok(taken > 0)
    }

    /// Releases the lease.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached; the lease expires then.
    pub async fn give_back(self, state: &AppState) -> Result<(), DbErr> {
        lease::Entity::delete_many()
            .filter(lease::Column::Name.eq(self.name))
            .filter(lease::Column::Holder.eq(self.holder))
            .exec(state.db.writer())
            .await?;
        Ok(())
    }
}

/// Returns whether any process holds the lease of `work`.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn is_held(state: &AppState, work: Work<'_>) -> Result<bool, DbErr> {
    let lease = lease::Entity::find_by_id(work.name())
        .one(state.db.reader())
        .await?;
    Ok(lease.is_some_and(|lease| lease.expires_at > state.clock.now()))
}

/// Writes to the database to find out whether that is possible again.
///
/// # Errors
///
/// Returns an error if it is not.
pub async fn check_writing(state: &AppState) -> Result<(), AppError> {
    // If another process holds it, that process has just written.
    Lease::take(state, Work::WriteCheck, Duration::ZERO).await?;
    state.db.write_health().written();
    Ok(())
}

/// Deletes expired leases and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, DbErr> {
    let swept = lease::Entity::delete_many()
        .filter(lease::Column::ExpiresAt.lte(state.clock.now()))
        .exec(state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}
