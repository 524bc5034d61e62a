//! Change name, address, words and password.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{device, recovery::refuse_common, session::end_others_in, taken_by_others, username_history};
use super::{
    password::{self, Comparison},
    session_store::{SIGN_IN, SignIn},
    token::{Purpose, revoke},
};
use crate::{
    Ctx,
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        entity::user::{self, PasswordHash},
        unique::on_unique,
    },
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, Problem, Secret,
        settings::{NewPassword, ProfileChange},
    },
    model::{
        account::{AccountSettings, Viewer},
        media::Picture,
    },
};

/// What changing the profile has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// All of it holds.
    All,
    /// The new address holds when it is confirmed.
    CheckMail,
}

async fn person(ctx: &Ctx, viewer: &Viewer) -> Result<user::Model, AppError> {
    user::Entity::find_by_id(viewer.id)
        .one(ctx.state.db.reader())
        .await?
        .ok_or(AppError::SignInRequired)
}

/// What `viewer` may change.
///
/// # Errors
/// When the database cannot tell.
pub async fn read(ctx: &Ctx, viewer: &Viewer) -> Result<AccountSettings, AppError> {
    let person = person(ctx, viewer).await?;
    Ok(AccountSettings {
        username: person.username,
        email: person.email,
        is_confirmed: person.email_confirmed_at.is_some(),
        new_email: person.new_email,
        about: person.about,
        picture: Picture::of(person.picture),
    })
}

/// Changes name, words and address of `viewer`. Another address takes the current password, for whoever has the address
/// has the account; it is used when it is confirmed, and nobody learns by it whether it has an account already.
///
/// # Errors
/// [`AppError::Invalid`] for a name that is taken or a password that is wrong.
pub async fn change_profile(ctx: &Ctx, viewer: &Viewer, change: ProfileChange) -> Result<Changed, AppError> {
    let person = person(ctx, viewer).await?;
    let moves = change.email.key() != person.email_key;
    let mut errors = FieldErrors::default();
    if change.username.key() != person.username_key {
        errors.merge(taken_by_others(&ctx.state, Some(change.username.key()), None).await?);
    }
    if moves {
        errors.note(require_password(ctx, &person, change.current_password.clone()).await)?;
    }
    errors.into_result()?;
    if moves {
        ctx.state
            .limits
            .confirmation
            .check(&ctx.state.db, viewer.id)
            .await?;
    }

    let transaction = ctx.state.db.begin().await?;
    write(&transaction, &person, &change).await?;
    if moves {
        user::Entity::update_many()
            .col_expr(user::Column::NewEmail, Expr::value(change.email.as_str()))
            .filter(user::Column::Id.eq(viewer.id))
            .exec(&transaction)
            .await?;
        outbox::queue(
            &transaction,
            &ctx.state,
            change.email.as_str(),
            Some(viewer.id),
            &EmailTemplate::ChangeEmail,
        )
        .await?;
    }
    ctx.state.db.commit(transaction).await?;
    ctx.state.outbox.wake();
    Ok(if moves { Changed::CheckMail } else { Changed::All })
}

/// Writes what `person` changes; another address has yet to be confirmed, and is left out.
pub(super) async fn write(
    transaction: &Transaction,
    person: &user::Model,
    change: &ProfileChange,
) -> Result<(), AppError> {
    let mut update = user::Entity::update_many()
        .col_expr(user::Column::About, Expr::value(change.about.as_str()))
        .filter(user::Column::Id.eq(person.id))
        // Another address may have been confirmed since it was read.
        .filter(user::Column::EmailKey.eq(person.email_key.as_str()));
    if change.username.as_str() != person.username {
        update = update
            .col_expr(user::Column::Username, Expr::value(change.username.as_str()))
            .col_expr(user::Column::UsernameKey, Expr::value(change.username.key()));
    }
    if change.email.key() == person.email_key {
        // The same address, perhaps in other letters.
        update = update.col_expr(user::Column::Email, Expr::value(change.email.as_str()));
    }
    let updated = update
        .exec(transaction)
        .await
        .map_err(|error| on_unique(error, &[("username_key", Field::Username)]))?;
    if updated.rows_affected == 0 {
        return Err(AppError::Unreachable);
    }
    if change.username.key() != person.username_key {
        username_history::note(transaction, person.id, &person.username_key).await?;
    }
    Ok(())
}

/// Changes the password of `viewer`, ends their other sessions and gives this one a new id.
///
/// # Errors
/// [`AppError::Invalid`] when the current password is wrong or others would guess the new one.
pub async fn change_password(ctx: &Ctx, viewer: &Viewer, change: NewPassword) -> Result<(), AppError> {
    let person = person(ctx, viewer).await?;
    let mut errors = FieldErrors::default();
    errors.note(require_password(ctx, &person, change.current.clone()).await)?;
    if password::composed(&change.new) == password::composed(&change.current) {
        errors.add(Field::NewPassword, Problem::Unchanged);
    } else {
        errors.note(refuse_common(&change.new, &person.username, &person.email))?;
    }
    errors.into_result()?;
    let hash = ctx.state.hasher.hash(change.new).await?;

    let transaction = ctx.state.db.begin().await?;
    let updated = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(PasswordHash(hash)))
        // Whoever knew the old password may have asked for it to go elsewhere.
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(viewer.id))
        // Of two changes at once, the second has not given the password that is current by then.
        .filter(user::Column::PasswordHash.eq(person.password_hash))
        .exec(&transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Err(FieldErrors::one(Field::CurrentPassword, Problem::Wrong).into());
    }
    end_others_in(ctx, &transaction, viewer.id).await?;
    outbox::withdraw(&transaction, &person.email, &EmailTemplate::ResetPassword).await?;
    revoke(
        &transaction,
        viewer.id,
        &[Purpose::ResetPassword, Purpose::KnownDevice],
    )
    .await?;
    device::remember(ctx, &transaction, viewer.id).await?;
    outbox::queue(
        &transaction,
        &ctx.state,
        &person.email,
        Some(viewer.id),
        &EmailTemplate::PasswordChanged,
    )
    .await?;
    ctx.state.db.commit(transaction).await?;
    ctx.state.outbox.wake();

    if let Err(error) = renew_session(ctx).await {
        // The password is changed all the same; at worst this browser logs in again.
        tracing::warn!(%error, "a session could not be given a new id");
    }
    Ok(())
}

/// Gives this session another id: whoever has seen the old one is not signed in with it.
async fn renew_session(ctx: &Ctx) -> Result<(), tower_sessions::session::Error> {
    let Some(sign_in) = ctx.session.get::<SignIn>(SIGN_IN).await? else {
        return Ok(());
    };
    ctx.session.cycle_id().await?;
    ctx.session.set_expiry(Some(sign_in.cookie_expiry()));
    ctx.session.save().await
}

/// Goes on only with the current password: whoever finds a browser signed in does not have it (OWASP, Authentication:
/// require re-authentication).
pub(super) async fn require_password(ctx: &Ctx, person: &user::Model, given: Secret) -> Result<(), AppError> {
    let problem = |problem| Err(FieldErrors::one(Field::CurrentPassword, problem).into());
    if given.expose().is_empty() {
        return problem(Problem::Required);
    }
    ctx.state.limits.password.check(&ctx.state.db, person.id).await?;
    let stored = Some(person.password_hash.0.clone());
    match ctx.state.hasher.verify(given, stored).await? {
        Comparison::Different => problem(Problem::Wrong),
        Comparison::Same | Comparison::SameAsTyped => Ok(()),
    }
}
