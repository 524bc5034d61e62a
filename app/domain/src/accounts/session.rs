//! Logging in and out, and the list of a user's sessions.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    device,
    password::Comparison,
    session_store::{SIGN_IN, SignIn, hash},
    user_agent,
};
use crate::{
    Scope,
    platform::{
        entity::{
            session,
            user::{self, PasswordHash},
        },
        limit::network,
    },
};
use shared::{
    error::AppError,
    forms::{Email, Secret, account::Credentials},
    model::account::{SignedIn, Viewer},
};

/// Logs the visitor in.
///
/// # Errors
///
/// Returns [`AppError::BadCredentials`] if the account does not exist or the password is wrong, with the same work in
/// both cases; [`AppError::Throttled`] after too many attempts; and [`AppError::Suspended`] if a moderator has
/// suspended the account.
pub async fn log_in(scope: &Scope, credentials: Credentials) -> Result<(), AppError> {
    scope
        .state
        .limits
        .login_address
        .check(&scope.state.db, network(scope.client()?.address))
        .await?;
    let key = Email::parse(&credentials.login)
        .map_or_else(|_| credentials.login.to_ascii_lowercase(), |email| email.key());
    // A username cannot contain `@`, and an address must.
    let column = if key.contains('@') {
        user::Column::EmailKey
    } else {
        user::Column::UsernameKey
    };
    let found: Option<(i64, PasswordHash, Option<String>)> = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::PasswordHash,
            user::Column::SuspendedBecause,
        ])
        .filter(column.eq(key.as_str()))
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let suspended_because = found.as_ref().and_then(|(.., reason)| reason.clone());
    let (id, stored) = found.map(|(id, PasswordHash(hash), _)| (id, hash)).unzip();

    // Password guesses from elsewhere must not lock out the owner: known devices have a separate limit (OWASP, Slow
    // Down Online Guessing Attacks with Device Cookies).
    let device = device::known(scope, id.unwrap_or_default()).await?;
    // Counted by the login as typed, not by the account: a count shared by the username and the address would reveal
    // which address belongs to the username.
    scope
        .state
        .limits
        .login_account
        .check(&scope.state.db, (&key, device))
        .await?;
    let compared = scope
        .state
        .hasher
        .verify(credentials.password.clone(), stored.clone())
        .await?;
    if compared == Comparison::Different {
        return Err(AppError::BadCredentials);
    }
    let (Some(user_id), Some(stored)) = (id, stored) else {
        return Err(AppError::BadCredentials);
    };

    if let Some(reason) = suspended_because {
        // Only revealed to somebody who knows the password.
        return Err(AppError::Suspended(reason));
    }
    if compared == Comparison::SameAsTyped || scope.state.hasher.is_outdated(&stored) {
        rehash(scope, user_id, &stored, credentials.password).await?;
    }
    sign_in(scope, user_id, credentials.remember).await?;
    if let Some(reason) = suspended_by_now(scope, user_id).await? {
        scope.session()?.flush().await?;
        return Err(AppError::Suspended(reason));
    }
    device::remember(scope, scope.state.db.writer(), user_id).await
}

/// Returns the reason of a suspension that took place while the password was being checked. The suspension ended only
/// the sessions that existed at that time.
async fn suspended_by_now(scope: &Scope, user_id: i64) -> Result<Option<String>, AppError> {
    let reason: Option<Option<String>> = user::Entity::find_by_id(user_id)
        .select_only()
        .column(user::Column::SuspendedBecause)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    Ok(reason.flatten())
}

/// Starts a session with a new id, so that a fixated or stolen old id is not logged in (OWASP, Session Fixation).
async fn sign_in(scope: &Scope, user_id: i64, remembered: bool) -> Result<(), AppError> {
    let sign_in = SignIn {
        user_id,
        at: scope.state.clock.now(),
        cookie_at: scope.state.clock.now(),
        remembered,
        agent: scope.client()?.agent.clone(),
        address: scope.client()?.address.to_canonical().to_string(),
        authenticated_at: Some(scope.state.clock.now()),
    };
    scope.session()?.cycle_id().await?;
    scope.session()?.insert(SIGN_IN, &sign_in).await?;
    scope.session()?.set_expiry(Some(sign_in.cookie_expiry()));
    // Saved now, while a failure can still be reported; after the response it could not.
    scope.session()?.save().await?;
    Ok(())
}

/// Stores a hash of the NFC form with current parameters, unless the password was changed in the meantime.
async fn rehash(scope: &Scope, user_id: i64, stored: &str, password: Secret) -> Result<(), AppError> {
    let renewed = scope.state.hasher.hash(password).await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(PasswordHash(renewed)))
        .filter(user::Column::Id.eq(user_id))
        .filter(user::Column::PasswordHash.eq(PasswordHash(stored.to_owned())))
        .exec(scope.state.db.writer())
        .await?;
    Ok(())
}

/// Logs the visitor out.
///
/// # Errors
///
/// Returns an error if the session cannot be deleted.
pub async fn log_out(scope: &Scope) -> Result<(), AppError> {
    scope.session()?.flush().await?;
    Ok(())
}

/// Returns the sessions of `viewer`: the current one first, then the others, most recently used first.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub async fn list(scope: &Scope, viewer: &Viewer) -> Result<Vec<SignedIn>, AppError> {
    let here = scope.session()?.id().map(|id| hash(&id));
    let rows: Vec<session::Model> = session::Entity::find()
        .filter(session::Column::UserId.eq(viewer.id))
        .filter(session::Column::ExpiresAt.gt(scope.state.clock.now()))
        .order_by_desc(session::Column::LastSeenAt)
        .all(scope.state.db.reader())
        .await?;
    let mut sessions: Vec<SignedIn> = rows
        .into_iter()
        .map(|row| SignedIn {
            is_here: Some(&row.id_hash) == here.as_ref(),
            browser: user_agent::described(&row.agent),
            address: row.address,
            signed_in_at: row.signed_in_at.unwrap_or(row.expires_at),
            last_seen_at: row.last_seen_at.unwrap_or(row.expires_at),
            id: row.id_hash,
        })
        .collect();
    sessions.sort_by_key(|session| !session.is_here);
    Ok(sessions)
}

/// Ends one of the sessions of `viewer`. Ending the current one logs the viewer out.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if the session belongs to another user.
pub async fn end(scope: &Scope, viewer: &Viewer, id: &str) -> Result<(), AppError> {
    if scope.session()?.id().is_some_and(|here| hash(&here) == id) {
        return log_out(scope).await;
    }
    if id.len() != 64 {
        return Err(AppError::NotFound);
    }
    let ended = session::Entity::delete_by_id(id)
        .filter(session::Column::UserId.eq(viewer.id))
        .exec(scope.state.db.writer())
        .await?;
    if ended.rows_affected == 1 {
        return Ok(());
    }
    // Ending a session that has already ended succeeds.
    match session::Entity::find_by_id(id)
        .one(scope.state.db.reader())
        .await?
    {
        Some(_) => Err(AppError::NotFound),
        None => Ok(()),
    }
}

/// Ends all sessions of `viewer` except the current one.
///
/// # Errors
///
/// Returns an error if the sessions cannot be deleted.
pub async fn end_others(scope: &Scope, viewer: &Viewer) -> Result<(), AppError> {
    end_others_in(scope, scope.state.db.writer(), viewer.id).await?;
    Ok(())
}

/// Ends all sessions of a user, including the current one.
pub(crate) async fn end_all_in(db: &impl ConnectionTrait, user_id: i64) -> Result<(), DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends all sessions of a user except the current one, within a transaction.
pub(super) async fn end_others_in(
    scope: &Scope,
    db: &impl ConnectionTrait,
    user_id: i64,
) -> Result<(), AppError> {
    let here = scope.session()?.id().map(|id| hash(&id)).unwrap_or_default();
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::IdHash.ne(here))
        .exec(db)
        .await?;
    Ok(())
}
