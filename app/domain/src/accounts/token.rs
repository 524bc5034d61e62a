//! Secrets that are handed out, by mail or as a cookie: 32 random bytes, of which only the SHA-256 is kept. Whoever reads
//! the table cannot use what is there.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, SqlErr,
    sea_query::{Expr, OnConflict},
};
use time::{Duration, OffsetDateTime};

use crate::platform::{digest, entity::token};
use shared::{error::AppError, forms::Secret};

/// What a token is good for. One for one purpose is none for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Choose a new password.
    ResetPassword,
    /// Show that an address is one's own.
    ConfirmEmail,
    /// Make the account that was asked for.
    Register,
    /// Set up the first administrator.
    FirstAdministrator,
    /// Log in from a browser that has done so before.
    KnownDevice,
}

impl Purpose {
    /// As the table has it.
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

    /// How long a token is good for.
    #[must_use]
    pub const fn valid_for(self) -> Duration {
        match self {
            // Long enough to find the mail, short enough that an old mailbox opens nothing (OWASP, Forgot Password).
            Self::ResetPassword => Duration::minutes(30),
            // Somebody may read their mail at the weekend; all that the token can do is to say that they have.
            Self::ConfirmEmail => Duration::days(7),
            Self::Register | Self::FirstAdministrator => Duration::days(1),
            Self::KnownDevice => Duration::days(365),
        }
    }
}

/// Whom a token is given to.
#[derive(Debug, Clone, Default)]
pub struct Holder {
    /// The person; nobody while the account is still to be made.
    pub user_id: Option<i64>,
    /// The address that it is sent to.
    pub email: String,
    /// What its purpose needs beside these.
    pub data: String,
}

/// Makes a token. This is the only moment at which it can be read.
///
/// # Errors
/// [`AppError::NotFound`] when the person has been deleted meanwhile.
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

/// Has a token be good for the whole time from now on, and says whether there still is one.
///
/// # Errors
/// When the database cannot be reached.
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

/// Keeps a token of which only the hash is known here, and returns whether the person is still there whom it is for. A look
/// before would not tell: only the database knows whether somebody is being deleted.
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
    // The same device may log in twice at once; any other token is random.
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

/// What `secret` stands for, if it is good for `purpose`.
///
/// # Errors
/// [`AppError::BadToken`] for one that is forged, used or out of date.
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

/// The same, and uses it up: of many who come with it at once, one succeeds. What follows belongs in the same transaction.
///
/// # Errors
/// [`AppError::BadToken`] for one that is forged, used or out of date.
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

/// Makes every token of this person for these purposes useless.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revoke(db: &impl ConnectionTrait, user_id: i64, purposes: &[Purpose]) -> Result<(), DbErr> {
    token::Entity::delete_many()
        .filter(token::Column::UserId.eq(user_id))
        .filter(token::Column::Purpose.is_in(purposes.iter().map(|purpose| purpose.name())))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes what is out of date, and says how much.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sweep(db: &impl ConnectionTrait, now: OffsetDateTime) -> Result<u64, DbErr> {
    let swept = token::Entity::delete_many()
        .filter(token::Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    Ok(swept.rows_affected)
}
