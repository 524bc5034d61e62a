//! Choose a new password without the old one, by a link in a mail (OWASP, Forgot Password).

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{device, session::end_all_in};
use super::{
    password,
    token::{Purpose, find, redeem, revoke},
};
use crate::{
    Ctx,
    client_info::ClientCookie,
    mail::{outbox, template::EmailTemplate},
    platform::{
        entity::{
            token,
            user::{self, PasswordHash},
        },
        limit::network,
    },
};
use shared::{
    error::AppError,
    forms::{Email, Field, FieldErrors, Problem, Secret, Username},
    model::account::Confirmation,
};

/// Whether one more mail goes to `email`, for which anybody may ask: somebody may want to drown a mailbox.
///
/// # Errors
/// When it cannot be counted.
pub(super) async fn may_be_written_to(ctx: &Ctx, email: &Email) -> Result<bool, AppError> {
    let limit = &ctx.state.limits.recovery_account;
    limit.allows(&ctx.state.db, email.key()).await
}

/// Has a link sent to `email`, if it has an account. The answer is the same after the same work if it has none: which of
/// the two is found out when the mail is written.
///
/// # Errors
/// [`AppError::Throttled`] when one address asks too often.
pub async fn request(ctx: &Ctx, email: &Email) -> Result<(), AppError> {
    ctx.state
        .limits
        .recovery
        .check(&ctx.state.db, network(ctx.visitor.address))
        .await?;
    // The link that its owner has asked for stays good.
    if !may_be_written_to(ctx, email).await? {
        return Ok(());
    }
    outbox::queue(
        ctx.state.db.writer(),
        &ctx.state,
        &email.key(),
        None,
        &EmailTemplate::ResetPassword,
    )
    .await?;
    ctx.state.outbox.wake();
    Ok(())
}

/// Keeps the token of a link that was followed for the form that uses it, so that it leaves the address. Nothing is used
/// up: programs that look through mail follow links as well.
///
/// # Errors
/// [`AppError::BadToken`] for one that is forged, used or out of date.
pub async fn follow(ctx: &Ctx, secret: &Secret) -> Result<(), AppError> {
    find(
        ctx.state.db.reader(),
        ctx.state.clock.now(),
        Purpose::ResetPassword,
        secret,
    )
    .await?;
    ctx.visitor.keep(ClientCookie::MailToken, secret);
    Ok(())
}

/// Whose password the visitor's link is good for.
///
/// # Errors
/// [`AppError::BadToken`] if they do not.
pub async fn check(ctx: &Ctx) -> Result<Confirmation, AppError> {
    let (_, token) = held(ctx).await?;
    Ok(Confirmation {
        email: token.email,
        is_new: false,
    })
}

async fn held(ctx: &Ctx) -> Result<(Secret, token::Model), AppError> {
    let secret = ctx
        .visitor
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let now = ctx.state.clock.now();
    let found = find(ctx.state.db.reader(), now, Purpose::ResetPassword, &secret).await?;
    Ok((secret, found))
}

/// Gives the account of the visitor's link a new password and ends all its sessions.
///
/// # Errors
/// [`AppError::BadToken`] for a link that is forged, used or out of date; [`AppError::Invalid`] for a password that others
/// would guess.
pub async fn reset(ctx: &Ctx, new: Secret) -> Result<(), AppError> {
    let (secret, token) = held(ctx).await?;
    let user_id = token.user_id.ok_or(AppError::BadToken)?;
    let found: Option<(String, String)> = user::Entity::find_by_id(user_id)
        .select_only()
        .columns([user::Column::Username, user::Column::Email])
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    let (username, email) = found.ok_or(AppError::BadToken)?;
    refuse_common(&new, &username, &email)?;
    let hash = ctx.state.hasher.hash(new).await?;

    let now = ctx.state.clock.now();
    let transaction = ctx.state.db.begin().await?;
    redeem(&transaction, now, Purpose::ResetPassword, &secret).await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(PasswordHash(hash)))
        // Who read the mail has the address.
        .col_expr(user::Column::EmailConfirmedAt, Expr::value(now))
        // Whoever knew the old password may have asked for it to go elsewhere.
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
    // Otherwise somebody who guesses from elsewhere could keep the owner from using the new password.
    device::remember(ctx, &transaction, user_id).await?;
    outbox::queue(
        &transaction,
        &ctx.state,
        &email,
        Some(user_id),
        &EmailTemplate::PasswordChanged,
    )
    .await?;
    ctx.state.db.commit_private(transaction).await?;
    ctx.visitor.forget(ClientCookie::MailToken);
    ctx.state.outbox.wake();
    Ok(())
}

/// Refuses a password that others would guess first for this person.
pub(super) fn refuse_common(new: &Secret, username: &str, email: &str) -> Result<(), AppError> {
    let (Ok(username), Ok(email)) = (Username::parse(username), Email::parse(email)) else {
        return Ok(());
    };
    if password::is_common(new, Some(&username), Some(&email)) {
        Err(FieldErrors::one(Field::NewPassword, Problem::Common).into())
    } else {
        Ok(())
    }
}
