//! Password recovery by a link in a mail (OWASP, Forgot Password).

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{device, password, session::end_all_in};
use crate::{
    AppState, Scope,
    client_info::ClientCookie,
    mail::{outbox, template::EmailTemplate},
    platform::{
        entity::{
            token,
            user::{self, PasswordHash},
        },
        limit::network,
        token::{Purpose, find, redeem, revoke},
    },
    site,
};
use shared::{
    error::AppError,
    forms::{Email, Field, FieldErrors, FieldProblem, Secret, Username},
    model::account::Confirmation,
};

/// Returns whether another mail may be sent to `email`. Anybody can request these mails, so the number is limited to
/// prevent flooding a mailbox.
///
/// # Errors
///
/// Returns an error if the request cannot be counted.
pub(super) async fn may_be_written_to(scope: &Scope, email: &Email) -> Result<bool, AppError> {
    let limit = &scope.state.limits.recovery_account;
    limit.allows(&scope.state.db, email.key()).await
}

/// Sends a password reset link to `email` if it has an account. The answer and the work are the same if it has none:
/// that is looked up only when the mail is rendered.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many requests from one network.
pub async fn request(scope: &Scope, email: &Email) -> Result<(), AppError> {
    scope
        .state
        .limits
        .recovery
        .check(&scope.state.db, network(scope.client()?.address))
        .await?;
    // Over the limit nothing is sent, and the link that was sent before stays valid.
    if !may_be_written_to(scope, email).await? {
        return Ok(());
    }
    outbox::queue(
        scope,
        scope.state.db.writer(),
        &email.key(),
        None,
        &EmailTemplate::ResetPassword,
    )
    .await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Validates the token of a followed link and moves it into a cookie for the form, so that it disappears from the
/// URL. The token is not used up yet, because mail scanners follow links as well.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired.
pub async fn follow(scope: &Scope, secret: &Secret) -> Result<(), AppError> {
    find(
        scope.state.db.reader(),
        scope.state.clock.now(),
        Purpose::ResetPassword,
        secret,
    )
    .await?;
    scope.client()?.keep(ClientCookie::MailToken, secret);
    Ok(())
}

/// Returns the address of the account that the visitor's link is valid for.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the visitor has no valid token.
pub async fn check(scope: &Scope) -> Result<Confirmation, AppError> {
    let (_, token) = held(scope).await?;
    Ok(Confirmation {
        email: token.email,
        is_new: false,
    })
}

async fn held(scope: &Scope) -> Result<(Secret, token::Model), AppError> {
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let now = scope.state.clock.now();
    let found = find(scope.state.db.reader(), now, Purpose::ResetPassword, &secret).await?;
    Ok((secret, found))
}

/// Sets a new password for the account of the visitor's link and ends all its sessions.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired, and [`AppError::Invalid`] if the password
/// is easy to guess.
pub async fn reset(scope: &Scope, new: Secret) -> Result<(), AppError> {
    let (secret, token) = held(scope).await?;
    let user_id = token.user_id.ok_or(AppError::BadToken)?;
    let found: Option<(String, String)> = user::Entity::find_by_id(user_id)
        .select_only()
        .columns([user::Column::Username, user::Column::Email])
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let (username, email) = found.ok_or(AppError::BadToken)?;
    refuse_common(&scope.state, &new, &username, &email).await?;
    let hash = scope.state.hasher.hash(new).await?;

    let now = scope.state.clock.now();
    let transaction = scope.state.db.begin().await?;
    redeem(&transaction, now, Purpose::ResetPassword, &secret).await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(PasswordHash(hash)))
        // The link was received at this address, which confirms it.
        .col_expr(user::Column::EmailConfirmedAt, Expr::value(now))
        // Somebody who knew the old password may have requested the change of address.
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(user_id))
        .exec(&transaction)
        .await?;
    end_all_in(&transaction, user_id).await?;
    outbox::withdraw(&transaction, &email, &EmailTemplate::ResetPassword).await?;
    revoke(
        &transaction,
        user_id,
        &[Purpose::ResetPassword, Purpose::KnownDevice],
    )
    .await?;
    // Otherwise password guesses from elsewhere could exhaust the limit and lock out the owner.
    device::remember(scope, &transaction, user_id).await?;
    outbox::queue(
        scope,
        &transaction,
        &email,
        Some(user_id),
        &EmailTemplate::PasswordChanged,
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    scope.client()?.forget(ClientCookie::MailToken);
    scope.state.jobs.wake();
    Ok(())
}

/// Returns [`AppError::Invalid`] if the password is easy to guess for this user.
pub(super) async fn refuse_common(
    state: &AppState,
    new: &Secret,
    username: &str,
    email: &str,
) -> Result<(), AppError> {
    let (Ok(username), Ok(email)) = (Username::parse(username), Email::parse(email)) else {
        return Ok(());
    };
    let site = site::current(state).await;
    if password::is_common(&site.name, new, Some(&username), Some(&email)) {
        Err(FieldErrors::one(Field::NewPassword, FieldProblem::Common).into())
    } else {
        Ok(())
    }
}
