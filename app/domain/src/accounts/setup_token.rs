//! Creation of the first administrator. While a site has no administrator, the console shows a single-use link to
//! create one.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{BY_OPERATOR, NewUser, insert, refuse_unavailable, taken, unavailable};
use crate::{
    Scope, audit_log,
    client_info::ClientCookie,
    platform::{
        entity::{
            token,
            user::{self, PasswordHash},
        },
        token::{Holder, Purpose, find, issue, redeem},
        topic::Topic,
    },
};
use shared::{
    error::AppError,
    forms::{
        FieldErrors, Secret,
        account::{NewAccount, NewAccountFields},
    },
    model::{
        account::{Role, Viewer},
        moderation::AuditAction,
    },
    paths,
};

/// Returns a link to create the first administrator, or `None` if there is an administrator. Earlier links become
/// invalid.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn invite(scope: &Scope) -> Result<Option<String>, AppError> {
    let transaction = scope.state.db.begin().await?;
    let is_needed = is_needed(&transaction).await?;
    token::Entity::delete_many()
        .filter(token::Column::Purpose.eq(Purpose::FirstAdministrator.name()))
        .exec(&transaction)
        .await?;
    let link = if is_needed {
        let now = scope.state.clock.now();
        let purpose = Purpose::FirstAdministrator;
        let secret = issue(&transaction, now, purpose, Holder::default()).await?;
        let path = paths::first_administrator_link(secret.expose());
        Some(scope.state.settings.site_url.absolute(&path))
    } else {
        None
    };
    scope.state.db.commit(transaction).await?;
    Ok(link)
}

/// Returns whether there is no administrator.
async fn is_needed(db: &impl ConnectionTrait) -> Result<bool, AppError> {
    let somebody: Option<i64> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.eq(Role::Administrator))
        .into_tuple()
        .one(db)
        .await?;
    Ok(somebody.is_none())
}

/// Validates the token of a followed link and moves it into a cookie for the form, so that it disappears from the
/// URL.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired.
pub async fn follow(scope: &Scope, secret: &Secret) -> Result<(), AppError> {
    let now = scope.state.clock.now();
    find(scope.state.db.reader(), now, Purpose::FirstAdministrator, secret).await?;
    if !is_needed(scope.state.db.reader()).await? {
        return Err(AppError::BadToken);
    }
    scope.client()?.keep(ClientCookie::MailToken, secret);
    Ok(())
}

/// Checks that the visitor's link is valid.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if it is not.
pub async fn check(scope: &Scope) -> Result<(), AppError> {
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    follow(scope, &secret).await
}

/// Returns every problem of the first administrator's form at once. `errors` are the problems that the form found
/// without the database.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the link is not valid, so that only its holder learns which names are taken.
pub async fn all_problems(
    scope: &Scope,
    fields: &NewAccountFields,
    mut errors: FieldErrors,
) -> Result<FieldErrors, AppError> {
    check(scope).await?;
    errors.merge(unavailable(&scope.state, fields, true).await?);
    Ok(errors)
}

/// Makes `viewer`, who already has an account, the first administrator.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired.
pub async fn promote(scope: &Scope, viewer: &Viewer) -> Result<(), AppError> {
    check(scope).await?;
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let transaction = scope.state.db.begin().await?;
    redeem(
        &transaction,
        scope.state.clock.now(),
        Purpose::FirstAdministrator,
        &secret,
    )
    .await?;
    if !is_needed(&transaction).await? {
        return Err(AppError::BadToken);
    }
    user::Entity::update_many()
        .col_expr(user::Column::Role, Expr::value(Role::Administrator))
        .col_expr(user::Column::Trust, Expr::value(BY_OPERATOR.level))
        .col_expr(user::Column::TrustBecause, Expr::value(BY_OPERATOR.reason))
        .filter(user::Column::Id.eq(viewer.id))
        .exec(&transaction)
        .await?;
    transaction.invalidate([Topic::User(viewer.id)]);
    let (name, words) = (viewer.username.as_str(), Role::Administrator.words());
    audit_log::record(scope, &transaction, AuditAction::Promote, name, words).await?;
    scope.state.db.commit(transaction).await?;
    scope.client()?.forget(ClientCookie::MailToken);
    Ok(())
}

/// Creates the account of the first administrator. The address counts as confirmed, because the token was shown on
/// the server's console.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired, and [`AppError::Invalid`] if the username
/// or the address is taken or the password is easy to guess.
pub async fn make(scope: &Scope, account: NewAccount) -> Result<(), AppError> {
    check(scope).await?;
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    refuse_unavailable(&scope.state, &account, true).await?;
    let NewAccount {
        username,
        email,
        password,
    } = account;
    let keys = (username.key(), email.key());
    let now = scope.state.clock.now();
    let new = NewUser {
        username,
        email,
        password_hash: PasswordHash(scope.state.hasher.hash(password).await?),
        email_confirmed_at: Some(now),
        role: Role::Administrator,
        standing: BY_OPERATOR,
    };
    let transaction = scope.state.db.begin().await?;
    redeem(&transaction, now, Purpose::FirstAdministrator, &secret).await?;
    if !is_needed(&transaction).await? {
        return Err(AppError::BadToken);
    }
    if let Err(error) = insert(&transaction, &scope.state, &new).await {
        transaction.rollback().await?;
        return Err(taken(&scope.state, &keys.0, &keys.1, error).await?);
    }
    let (name, words) = (new.username.as_str(), Role::Administrator.words());
    audit_log::record_of(scope, &transaction, name, AuditAction::Add, name, words).await?;
    scope.state.db.commit(transaction).await?;
    scope.client()?.forget(ClientCookie::MailToken);
    Ok(())
}
