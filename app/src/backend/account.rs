//! Register, log in, log out; who somebody is.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
};
use time::{Duration, OffsetDateTime};
use tower_sessions::Expiry;

use super::{
    Ctx,
    entity::user::{self, PasswordHash},
    error::on_unique,
    post::{self, By},
    session::USER_ID,
};
use crate::{
    error::AppError,
    forms::{
        Field, FieldErrors, Problem, Username,
        account::{Credentials, NewAccount},
    },
    model::account::{Profile, Viewer},
};

/// How long "remember me" lasts.
const REMEMBERED: Duration = Duration::days(30);

/// Makes an account.
///
/// # Errors
/// [`AppError::Invalid`] when the name or the address is taken.
pub async fn register(ctx: &Ctx, account: NewAccount) -> Result<(), AppError> {
    let password_hash = ctx.state.hasher.hash(account.password).await?;
    let (username, email) = (account.username.key(), account.email.key());
    let row = user::ActiveModel {
        username: Set(account.username.as_str().to_owned()),
        username_key: Set(username.clone()),
        email: Set(account.email.as_str().to_owned()),
        email_key: Set(email.clone()),
        password_hash: Set(PasswordHash(password_hash)),
        created_at: Set(ctx.state.clock.now()),
        ..Default::default()
    };
    match row.insert(ctx.state.db.writer()).await {
        Ok(_) => Ok(()),
        Err(error) => Err(taken(ctx, &username, &email, error).await?),
    }
}

/// Which of the two somebody has already, now that the database has refused the row with `error`; it names only one.
async fn taken(ctx: &Ctx, username: &str, email: &str, error: DbErr) -> Result<AppError, AppError> {
    let error = on_unique(
        error,
        &[("username_key", Field::Username), ("email_key", Field::Email)],
    );
    let AppError::Invalid(_) = error else {
        return Ok(error);
    };
    let others: Vec<(String, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::UsernameKey, user::Column::EmailKey])
        .filter(
            user::Column::UsernameKey
                .eq(username)
                .or(user::Column::EmailKey.eq(email)),
        )
        .into_tuple()
        .all(ctx.state.db.reader())
        .await?;
    let mut errors = FieldErrors::default();
    if others.iter().any(|(other, _)| other == username) {
        errors.add(Field::Username, Problem::Taken);
    }
    if others.iter().any(|(_, other)| other == email) {
        errors.add(Field::Email, Problem::Taken);
    }
    // Whoever had it may have gone in between.
    Ok(if errors.iter().next().is_some() {
        errors.into()
    } else {
        error
    })
}

/// Signs the visitor in.
///
/// # Errors
/// [`AppError::BadCredentials`], the same and after the same work whether or not there is such an account.
pub async fn log_in(ctx: &Ctx, credentials: Credentials) -> Result<(), AppError> {
    let key = credentials.login.to_ascii_lowercase();
    // A username cannot hold an @ and an address cannot do without.
    let column = if key.contains('@') {
        user::Column::EmailKey
    } else {
        user::Column::UsernameKey
    };
    let found: Option<(i64, PasswordHash)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::PasswordHash])
        .filter(column.eq(key))
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    let (id, hash) = found.map(|(id, PasswordHash(hash))| (id, hash)).unzip();
    if !ctx.state.hasher.verify(credentials.password, hash).await? {
        return Err(AppError::BadCredentials);
    }

    // A new id: whoever planted or saw the old one is not signed in with it (OWASP, Session Fixation).
    ctx.session.cycle_id().await?;
    ctx.session.insert(USER_ID, id).await?;
    ctx.session.set_expiry(Some(if credentials.remember {
        Expiry::OnInactivity(REMEMBERED)
    } else {
        Expiry::OnSessionEnd
    }));
    // Now, while a failure can still be told; after the answer it would be an empty page.
    ctx.session.save().await?;
    Ok(())
}

/// Signs the visitor out.
///
/// # Errors
/// When the session cannot be deleted.
pub async fn log_out(ctx: &Ctx) -> Result<(), AppError> {
    ctx.session.flush().await?;
    Ok(())
}

/// Who this request's session belongs to.
///
/// # Errors
/// When the database cannot tell.
pub(super) async fn viewer(ctx: &Ctx) -> Result<Option<Viewer>, AppError> {
    let Some(id) = ctx.session.get::<i64>(USER_ID).await? else {
        return Ok(None);
    };
    let username: Option<String> = user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::Username)
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    Ok(username.map(|username| Viewer { id, username }))
}

/// The public page of the person called `username`, with page `number` of their posts.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person or no such page.
pub async fn profile(ctx: &Ctx, username: &str, number: u64) -> Result<Profile, AppError> {
    let key = Username::parse(username).map_err(|_| AppError::NotFound)?.key();
    let found: Option<(i64, String, OffsetDateTime)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Username, user::Column::CreatedAt])
        .filter(user::Column::UsernameKey.eq(key))
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    let (id, username, created_at) = found.ok_or(AppError::NotFound)?;
    let posts = post::list(ctx, By::Author(id), number).await?;
    Ok(Profile {
        username,
        created_at,
        posts,
    })
}
