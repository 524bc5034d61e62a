//! Work that one process at a time does, whichever machine it runs on. Who dies while they do it holds it up no longer than
//! their lease lasts.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{ExprTrait, OnConflict},
};
use time::Duration;

use super::{digest, entity::lease};
use crate::AppState;
use shared::error::AppError;

/// Work that is leased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work<'a> {
    /// A backup: while it is being taken, no picture is deleted.
    Backup,
    /// To tell the administrators of a fault with this cause, which is a hash.
    Fault(&'a str),
    /// To find out whether the database can be written to.
    WriteCheck,
}

impl Work<'_> {
    /// As the table has it: at most 32 characters.
    fn name(self) -> String {
        match self {
            Self::Backup => "backup".to_owned(),
            Self::Fault(cause) => format!("fault-{cause:.26}"),
            Self::WriteCheck => "write-check".to_owned(),
        }
    }
}

/// Work that is ours for some time.
#[derive(Debug)]
pub struct Lease {
    name: String,
    holder: String,
}

impl Lease {
    /// Makes `work` ours for the time `lasting`, unless it is somebody else's.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn take(state: &AppState, work: Work<'_>, lasting: Duration) -> Result<Option<Self>, AppError> {
        let holder = digest::random::<16>()?;
        let name = work.name();
        let lease = Self { name, holder };
        Ok(lease.renew(state, lasting).await?.then_some(lease))
    }

    /// Keeps it for the time `lasting` from now on; `false` when it has become somebody else's.
    ///
    /// # Errors
    /// When the database cannot be reached.
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

    /// Gives it back.
    ///
    /// # Errors
    /// When the database cannot be reached; then it ends by itself.
    pub async fn give_back(self, state: &AppState) -> Result<(), DbErr> {
        lease::Entity::delete_many()
            .filter(lease::Column::Name.eq(self.name))
            .filter(lease::Column::Holder.eq(self.holder))
            .exec(state.db.writer())
            .await?;
        Ok(())
    }
}

/// Whether somebody does `work` now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_held(state: &AppState, work: Work<'_>) -> Result<bool, DbErr> {
    let lease = lease::Entity::find_by_id(work.name())
        .one(state.db.reader())
        .await?;
    Ok(lease.is_some_and(|lease| lease.expires_at > state.clock.now()))
}

/// Writes to the database, to find out whether that is possible again.
///
/// # Errors
/// When it is not.
pub async fn check_writing(state: &AppState) -> Result<(), AppError> {
    // If it is somebody else's, they have written at this moment.
    Lease::take(state, Work::WriteCheck, Duration::ZERO).await?;
    state.db.write_health().written();
    Ok(())
}

/// Forgets what has ended, and says how much.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, DbErr> {
    let swept = lease::Entity::delete_many()
        .filter(lease::Column::ExpiresAt.lte(state.clock.now()))
        .exec(state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}
