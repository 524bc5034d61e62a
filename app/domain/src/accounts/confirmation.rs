//! Show that an address is one's own, by a link in a mail: to finish a registration, to confirm the first address, or to
//! use another one.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{NewUser, insert};
use super::{
    password::Comparison,
    token::{Purpose, find, redeem, revoke},
};
use crate::{
    AppState, Ctx,
    client_info::ClientCookie,
    mail::{
        outbox,
        template::{EmailTemplate, Registration},
    },
    platform::{
        db::Transaction,
        entity::{token, user},
        unique::on_unique,
    },
};
use shared::{
    error::AppError,
    forms::{Email, Field, FieldErrors, Problem, Secret, Username},
    model::account::{Confirmation, Viewer},
};

/// What a link has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The account is there.
    Account,
    /// The address is known to be its owner's.
    Address,
}

/// Keeps the token of a link that was followed for the form that uses it, so that it leaves the address.
///
/// # Errors
/// [`AppError::BadToken`] for one that is forged, used or out of date.
pub async fn follow(ctx: &Ctx, secret: &Secret) -> Result<(), AppError> {
    known(ctx, ctx.state.db.reader(), secret).await?;
    ctx.visitor.keep(ClientCookie::MailToken, secret);
    Ok(())
}

/// What the visitor's link would confirm.
///
/// # Errors
/// [`AppError::BadToken`] when they come with none that is good.
pub async fn pending(ctx: &Ctx) -> Result<Confirmation, AppError> {
    let secret = ctx
        .visitor
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let (purpose, token) = known(ctx, ctx.state.db.reader(), &secret).await?;
    Ok(Confirmation {
        email: token.email,
        is_new: purpose == Purpose::Register,
    })
}

async fn known(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    secret: &Secret,
) -> Result<(Purpose, token::Model), AppError> {
    let now = ctx.state.clock.now();
    match find(db, now, Purpose::ConfirmEmail, secret).await {
        Ok(token) if waits(db, &token).await? => Ok((Purpose::ConfirmEmail, token)),
        Ok(_) => Err(AppError::BadToken),
        Err(AppError::BadToken) => {
            let token = find(db, now, Purpose::Register, secret).await?;
            Ok((Purpose::Register, token))
        }
        Err(error) => Err(error),
    }
}

/// Whether the address of `token` is still its holder's, or to be: they may have asked for another one since.
async fn waits(db: &impl ConnectionTrait, token: &token::Model) -> Result<bool, AppError> {
    let Some(id) = token.user_id else { return Ok(false) };
    let found: Option<(String, Option<String>)> = user::Entity::find_by_id(id)
        .select_only()
        .columns([user::Column::EmailKey, user::Column::NewEmail])
        .into_tuple()
        .one(db)
        .await?;
    let waits = |(key, new): (String, Option<String>)| {
        key == token.email.to_ascii_lowercase() || new.as_deref() == Some(token.email.as_str())
    };
    Ok(found.is_some_and(waits))
}

/// Does what the visitor's link is for.
///
/// # Errors
/// [`AppError::BadToken`] for a link that is forged, used or out of date, or whose address somebody else has confirmed
/// first; [`AppError::Invalid`] when the name of a new account has been taken meanwhile or its password is not given.
pub async fn confirm(ctx: &Ctx, password: Secret) -> Result<Confirmed, AppError> {
    let secret = ctx
        .visitor
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let (purpose, token) = known(ctx, ctx.state.db.reader(), &secret).await?;
    if purpose == Purpose::Register {
        require_chosen(ctx, &token, password).await?;
    }
    let transaction = ctx.state.db.begin().await?;
    let token = redeem(&transaction, ctx.state.clock.now(), purpose, &secret).await?;
    let confirmed = if purpose == Purpose::Register {
        make(ctx, &transaction, &token).await?;
        Confirmed::Account
    } else {
        adopt(ctx, &transaction, &token).await?;
        Confirmed::Address
    };
    ctx.state.db.commit(transaction).await?;
    ctx.visitor.forget(ClientCookie::MailToken);
    ctx.state.outbox.wake();
    Ok(confirmed)
}

/// Goes on only with the password that was chosen with the registration. Somebody else may have asked for an account with
/// this address, and whoever confirms it must not be given one to which they know the password.
async fn require_chosen(ctx: &Ctx, token: &token::Model, given: Secret) -> Result<(), AppError> {
    let problem = |problem| Err(FieldErrors::one(Field::Password, problem).into());
    if given.expose().is_empty() {
        return problem(Problem::Required);
    }
    ctx.state
        .limits
        .login_account
        .check(&ctx.state.db, &token.hash)
        .await?;
    let stored = registration(token)?.password_hash.0;
    match ctx.state.hasher.verify(given, Some(stored)).await? {
        Comparison::Different => problem(Problem::Wrong),
        Comparison::Same | Comparison::SameAsTyped => Ok(()),
    }
}

fn registration(token: &token::Model) -> Result<Registration, AppError> {
    serde_json::from_str(&token.data).map_err(|error| {
        tracing::error!(%error, "a registration cannot be read");
        AppError::Internal
    })
}

/// The account that was asked for.
async fn make(ctx: &Ctx, transaction: &Transaction, token: &token::Model) -> Result<(), AppError> {
    let registration = registration(token)?;
    let (Ok(username), Ok(email)) = (
        Username::parse(&registration.username),
        Email::parse(&token.email),
    ) else {
        return Err(AppError::BadToken);
    };
    let user = NewUser {
        username,
        email,
        password_hash: registration.password_hash,
        email_confirmed_at: Some(ctx.state.clock.now()),
        role: user::Role::Member,
    };
    match insert(transaction, &ctx.state, &user).await {
        Ok(_) => Ok(()),
        Err(error) => Err(
            match on_unique(
                error,
                &[("username_key", Field::Username), ("email_key", Field::Email)],
            ) {
                AppError::Invalid(errors) if errors.of(Field::Email).is_some() => AppError::BadToken,
                error => error,
            },
        ),
    }
}

/// The address of an account: the one that it has, or the one that it is to have.
async fn adopt(ctx: &Ctx, transaction: &Transaction, token: &token::Model) -> Result<(), AppError> {
    let id = token.user_id.ok_or(AppError::BadToken)?;
    let person = user::Entity::find_by_id(id)
        .one(transaction)
        .await?
        .ok_or(AppError::BadToken)?;
    if person.email_key == token.email.to_ascii_lowercase() {
        user::Entity::update_many()
            .col_expr(user::Column::EmailConfirmedAt, Expr::value(ctx.state.clock.now()))
            .filter(user::Column::Id.eq(id))
            .exec(transaction)
            .await?;
        return Ok(());
    }
    if person.new_email.as_deref() != Some(token.email.as_str()) {
        return Err(AppError::BadToken);
    }
    match set_address(transaction, &ctx.state, &person, &token.email).await {
        // Somebody else was first; the form is nobody's who could be told.
        Err(AppError::Invalid(_)) => Err(AppError::BadToken),
        set => set,
    }
}

/// Gives `person` the address `email`, which is confirmed; a mail to the one that they had says so.
///
/// # Errors
/// [`AppError::Invalid`] when somebody else has it.
pub(super) async fn set_address(
    transaction: &Transaction,
    state: &AppState,
    person: &user::Model,
    email: &str,
) -> Result<(), AppError> {
    user::Entity::update_many()
        .col_expr(user::Column::EmailConfirmedAt, Expr::value(state.clock.now()))
        .col_expr(user::Column::Email, Expr::value(email))
        .col_expr(user::Column::EmailKey, Expr::value(email.to_ascii_lowercase()))
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(person.id))
        .exec(transaction)
        .await
        .map_err(|error| on_unique(error, &[("email_key", Field::Email)]))?;
    revoke(
        transaction,
        person.id,
        &[Purpose::ResetPassword, Purpose::ConfirmEmail],
    )
    .await?;
    outbox::withdraw(transaction, &person.email, &EmailTemplate::ResetPassword).await?;
    let template = EmailTemplate::EmailChanged {
        email: email.to_owned(),
    };
    outbox::queue(transaction, state, &person.email, Some(person.id), &template).await
}

/// Keeps the address that `viewer` has: the one that waits is forgotten, and its link with it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn give_up(ctx: &Ctx, viewer: &Viewer) -> Result<(), AppError> {
    user::Entity::update_many()
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(viewer.id))
        .exec(ctx.state.db.writer())
        .await?;
    Ok(())
}

/// Sends the link once more to the address that `viewer` has not confirmed yet, and says whether there is one.
///
/// # Errors
/// [`AppError::Throttled`] when they ask too often.
pub async fn send_again(ctx: &Ctx, viewer: &Viewer) -> Result<bool, AppError> {
    let person = user::Entity::find_by_id(viewer.id)
        .one(ctx.state.db.reader())
        .await?
        .ok_or(AppError::SignInRequired)?;
    let (recipient, template) = match person.new_email {
        Some(email) => (email, EmailTemplate::ChangeEmail),
        None if person.email_confirmed_at.is_none() => (person.email, EmailTemplate::Welcome),
        None => return Ok(false),
    };
    ctx.state
        .limits
        .confirmation
        .check(&ctx.state.db, viewer.id)
        .await?;
    outbox::queue(
        ctx.state.db.writer(),
        &ctx.state,
        &recipient,
        Some(viewer.id),
        &template,
    )
    .await?;
    ctx.state.outbox.wake();
    Ok(true)
}
