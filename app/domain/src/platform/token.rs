//! Tokens that are sent by mail or stored in a cookie: 32 random bytes, of which the database keeps only the SHA-256.
//! Read access to the table does not give anybody a usable token.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, SqlErr,
    sea_query::{Expr, OnConflict},
};
use time::{Duration, OffsetDateTime};

use crate::platform::{digest, entity::token};
use shared::{error::AppError, forms::Secret};

/// The purpose of a token. A token is valid for one purpose only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reset the password.
    ResetPassword,
    /// Confirm an address.
    ConfirmEmail,
    /// Create the account that was registered.
    Register,
    /// Create the first administrator.
    FirstAdministrator,
    /// Identify a browser that a user has logged in from before.
    KnownDevice,
}

impl Purpose {
    /// Returns the name of the purpose in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset-password",
            Self::ConfirmEmail => "confirm-email",
            Self::Register => "register",
            Self::FirstAdministrator => "first-administrator",
            Self::KnownDevice => "known-device",
        }
    }

    /// Returns the lifetime of a token.
    #[must_use]
    pub const fn valid_for(self) -> Duration {
        match self {
            // Long enough to receive the mail, short enough that access to an old mailbox is of no use (OWASP, Forgot
            // Password).
            Self::ResetPassword => Duration::minutes(30),
            // Long enough for mail that is read at the weekend; the token can only confirm an address.
            Self::ConfirmEmail => Duration::days(7),
            Self::Register | Self::FirstAdministrator => Duration::days(1),
            Self::KnownDevice => Duration::days(365),
        }
    }
}

/// The holder of a token.
#[derive(Debug, Clone, Default)]
pub struct Holder {
    /// The id of the user; `None` if the account does not exist yet.
    pub user_id: Option<i64>,
    /// The address that the token is sent to.
    pub email: String,
    /// Additional data for the purpose.
    pub data: String,
}

/// Creates a token and returns it. It cannot be read again later, because only its hash is stored.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if the user has been deleted in the meantime.
pub async fn issue(
    db: &impl ConnectionTrait,
    now: OffsetDateTime,
    purpose: Purpose,
    holder: Holder,
) -> Result<Secret, AppError> {
    let secret = Secret::from(digest::random::<32>()?.as_str());
    if keep(db, now, purpose, &digest::sha256(secret.expose()), holder).await? {
        Ok(secret)
    } else {
        Err(AppError::NotFound)
    }
}

/// Extends a token to its full lifetime from now. Returns `false` if the token no longer exists.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn prolong(
    db: &impl ConnectionTrait,
    now: OffsetDateTime,
    purpose: Purpose,
    secret: &Secret,
) -> Result<bool, DbErr> {
    let prolonged = token::Entity::update_many()
        .col_expr(token::Column::ExpiresAt, Expr::value(now + purpose.valid_for()))
        .filter(token::Column::Hash.eq(digest::sha256(secret.expose())))
        .exec(db)
        .await?;
    Ok(prolonged.rows_affected == 1)
}

/// Stores the hash of a token. Returns `false` if its user no longer exists, which only the foreign key tells
/// reliably: a query before the insert would miss a concurrent deletion.
pub(crate) async fn keep(
    db: &impl ConnectionTrait,
    now: OffsetDateTime,
    purpose: Purpose,
    hash: &str,
    holder: Holder,
) -> Result<bool, DbErr> {
    let row = token::ActiveModel {
        hash: Set(hash.to_owned()),
        purpose: Set(purpose.name().to_owned()),
        user_id: Set(holder.user_id),
        email: Set(holder.email),
        data: Set(holder.data),
        created_at: Set(now),
        expires_at: Set(now + purpose.valid_for()),
    };
    // The same device may log in twice at the same time; every other token is random.
    let kept = OnConflict::column(token::Column::Hash).do_nothing().to_owned();
    let inserted = token::Entity::insert(row)
        .on_conflict(kept)
        .exec_without_returning(db)
        .await;
    match inserted {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns the row of `secret` if it is valid for `purpose`.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired.
pub async fn find(
    db: &impl ConnectionTrait,
    now: OffsetDateTime,
    purpose: Purpose,
    secret: &Secret,
) -> Result<token::Model, AppError> {
    token::Entity::find_by_id(digest::sha256(secret.expose()))
        .filter(token::Column::Purpose.eq(purpose.name()))
        .filter(token::Column::ExpiresAt.gt(now))
        .one(db)
        .await?
        .ok_or(AppError::BadToken)
}

/// Finds a token and deletes it. Of several concurrent requests with the same token, one succeeds. The action that
/// the token permits belongs in the same transaction.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired.
pub async fn redeem(
    transaction: &impl ConnectionTrait,
    now: OffsetDateTime,
    purpose: Purpose,
    secret: &Secret,
) -> Result<token::Model, AppError> {
    let found = find(transaction, now, purpose, secret).await?;
    let used = token::Entity::delete_by_id(found.hash.clone())
        .exec(transaction)
        .await?;
    if used.rows_affected == 1 {
        Ok(found)
    } else {
        Err(AppError::BadToken)
    }
}

/// Deletes every token of this user for these purposes.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn revoke(db: &impl ConnectionTrait, user_id: i64, purposes: &[Purpose]) -> Result<(), DbErr> {
    token::Entity::delete_many()
        .filter(token::Column::UserId.eq(user_id))
        .filter(token::Column::Purpose.is_in(purposes.iter().map(|purpose| purpose.name())))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes the expired tokens and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(db: &impl ConnectionTrait, now: OffsetDateTime) -> Result<u64, DbErr> {
    let swept = token::Entity::delete_many()
        .filter(token::Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    Ok(swept.rows_affected)
}
