//! Log in, log out; who is signed in where.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Error;

use super::{device, user_agent};
use super::{
    password::{self, Comparison},
    session_store::{SIGN_IN, SignIn, hash, unreachable},
};
use crate::{
    AppState, Ctx,
    platform::{
        entity::{
            session,
            user::{self, PasswordHash, Role},
        },
        limit::network,
    },
};
use shared::{
    error::AppError,
    forms::{Email, Secret, account::Credentials},
    model::{
        account::{SignedIn, Viewer},
        media::Picture,
    },
};

/// When somebody was last seen is noted at most this often.
const SEEN_EVERY: Duration = Duration::minutes(1);
/// A remembered browser is given its cookie anew this often, with the whole time before it.
const RENEWED_EVERY: Duration = Duration::days(1);

/// Signs the visitor in.
///
/// # Errors
/// [`AppError::BadCredentials`], the same and after the same work whether or not there is such an account;
/// [`AppError::Throttled`] after too many attempts; [`AppError::Suspended`] for an account that a moderator has suspended.
pub async fn log_in(ctx: &Ctx, credentials: Credentials) -> Result<(), AppError> {
    ctx.state
        .limits
        .login_address
        .check(&ctx.state.db, network(ctx.visitor.address))
        .await?;
    let key = Email::parse(&credentials.login)
        .map_or_else(|_| credentials.login.to_ascii_lowercase(), |email| email.key());
    // A username cannot hold an @ and an address cannot do without.
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
        .one(ctx.state.db.reader())
        .await?;
    let suspended_because = found.as_ref().and_then(|(.., reason)| reason.clone());
    let (id, stored) = found.map(|(id, PasswordHash(hash), _)| (id, hash)).unzip();

    // Whoever guesses at somebody's password from elsewhere must not be able to shut them out: a browser that has logged
    // in before has a count of its own (OWASP, Slow Down Online Guessing Attacks with Device Cookies).
    let device = device::known(ctx, id.unwrap_or_default()).await?;
    // By what was typed, not by the account: otherwise a name's count would tell which address it has.
    ctx.state
        .limits
        .login_account
        .check(&ctx.state.db, (&key, device))
        .await?;
    let compared = ctx
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
        // Only whoever knows the password learns of it.
        return Err(AppError::Suspended(reason));
    }
    if compared == Comparison::SameAsTyped || password::is_outdated(&stored) {
        rehash(ctx, user_id, &stored, credentials.password).await?;
    }
    sign_in(ctx, user_id, credentials.remember).await?;
    if let Some(reason) = suspended_by_now(ctx, user_id).await? {
        ctx.session.flush().await?;
        return Err(AppError::Suspended(reason));
    }
    device::remember(ctx, ctx.state.db.writer(), user_id).await
}

/// Why somebody was suspended while their password was being checked, if they were: all sessions that there were have ended
/// then.
async fn suspended_by_now(ctx: &Ctx, user_id: i64) -> Result<Option<String>, AppError> {
    let reason: Option<Option<String>> = user::Entity::find_by_id(user_id)
        .select_only()
        .column(user::Column::SuspendedBecause)
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    Ok(reason.flatten())
}

/// Starts a session with a new id: whoever planted or saw the old one is not signed in with it (OWASP, Session Fixation).
async fn sign_in(ctx: &Ctx, user_id: i64, remembered: bool) -> Result<(), AppError> {
    let sign_in = SignIn {
        user_id,
        at: ctx.state.clock.now(),
        cookie_at: ctx.state.clock.now(),
        remembered,
        agent: ctx.visitor.agent.clone(),
        address: ctx.visitor.address.to_canonical().to_string(),
    };
    ctx.session.cycle_id().await?;
    ctx.session.insert(SIGN_IN, &sign_in).await?;
    ctx.session.set_expiry(Some(sign_in.cookie_expiry()));
    // Now, while a failure can still be told; after the answer it would be an empty page.
    ctx.session.save().await?;
    Ok(())
}

/// The password of `user_id` in today's form and with today's parameters, unless it was changed meanwhile.
async fn rehash(ctx: &Ctx, user_id: i64, stored: &str, password: Secret) -> Result<(), AppError> {
    let renewed = ctx.state.hasher.hash(password).await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(PasswordHash(renewed)))
        .filter(user::Column::Id.eq(user_id))
        .filter(user::Column::PasswordHash.eq(PasswordHash(stored.to_owned())))
        .exec(ctx.state.db.writer())
        .await?;
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

#[derive(FromQueryResult)]
struct ViewerRow {
    id: i64,
    username: String,
    picture: Option<String>,
    role: Role,
    data: String,
    seen: Option<OffsetDateTime>,
}

/// Who this request's session belongs to: asked on every page of theirs, by one statement.
///
/// # Errors
/// When the database cannot tell.
pub(crate) async fn viewer(ctx: &Ctx) -> Result<Option<Viewer>, AppError> {
    let Some(id_hash) = ctx.session.id().map(|id| hash(&id)) else {
        return Ok(None);
    };
    let now = ctx.state.clock.now();
    let of_session = user::Entity::belongs_to(session::Entity)
        .from(user::Column::Id)
        .to(session::Column::UserId)
        .into();
    let found: Option<ViewerRow> = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Username,
            user::Column::Picture,
            user::Column::Role,
        ])
        .column_as(session::Column::Data, "data")
        .column_as(session::Column::LastSeenAt, "seen")
        .join(JoinType::InnerJoin, of_session)
        .filter(session::Column::IdHash.eq(id_hash.as_str()))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(user::Column::SuspendedBecause.is_null())
        .into_model()
        .one(ctx.state.db.reader())
        .await
        .map_err(|error| Error::from(unreachable(error)))?;
    let Some(row) = found else {
        // A browser whose session has ended is told to forget it once somebody has looked for it.
        ctx.session.get::<SignIn>(SIGN_IN).await?;
        return Ok(None);
    };
    let Some(sign_in) = SignIn::of(&row.data).map_err(Error::from)? else {
        return Ok(None);
    };

    if sign_in.remembered && now - sign_in.cookie_at >= RENEWED_EVERY {
        // Written without having been read, a session that has ended meanwhile would be a new one.
        if ctx.session.get::<SignIn>(SIGN_IN).await?.is_none() {
            return Ok(None);
        }
        let renewed = SignIn {
            cookie_at: now,
            ..sign_in.clone()
        };
        ctx.session.insert(SIGN_IN, renewed).await?;
        ctx.session.set_expiry(Some(sign_in.cookie_expiry()));
    }
    if row.seen.is_none_or(|seen| now - seen >= SEEN_EVERY) {
        // No page waits for it.
        tokio::spawn(note_seen(ctx.state.clone(), sign_in.clone(), id_hash));
    }
    Ok(Some(Viewer {
        id: row.id,
        username: row.username,
        picture: Picture::of(row.picture),
        may_moderate: row.role >= Role::Moderator,
    }))
}

/// Notes that somebody is here, unless another request has within the last minute.
async fn note_seen(state: AppState, sign_in: SignIn, id_hash: String) {
    let now = state.clock.now();
    let noted = async {
        let transaction = state.db.begin().await?;
        // The person first, then the session, as everything does that changes both: nobody waits for each other.
        user::Entity::update_many()
            .col_expr(user::Column::LastSeenAt, Expr::value(now))
            .filter(user::Column::Id.eq(sign_in.user_id))
            .filter(
                user::Column::LastSeenAt
                    .is_null()
                    .or(user::Column::LastSeenAt.lte(now - SEEN_EVERY)),
            )
            .exec(&transaction)
            .await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(now))
            .col_expr(session::Column::ExpiresAt, Expr::value(sign_in.expires_at(now)))
            .filter(session::Column::IdHash.eq(id_hash))
            .filter(session::Column::LastSeenAt.lte(now - SEEN_EVERY))
            .exec(&transaction)
            .await?;
        state.db.commit_private(transaction).await
    };
    let noted: Result<(), DbErr> = noted.await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the time when somebody was last seen cannot be saved");
    }
}

/// Where `viewer` is signed in: here first, then by when they were last seen there.
///
/// # Errors
/// When the database cannot tell.
pub async fn list(ctx: &Ctx, viewer: &Viewer) -> Result<Vec<SignedIn>, AppError> {
    let here = ctx.session.id().map(|id| hash(&id));
    let rows: Vec<session::Model> = session::Entity::find()
        .filter(session::Column::UserId.eq(viewer.id))
        .filter(session::Column::ExpiresAt.gt(ctx.state.clock.now()))
        .order_by_desc(session::Column::LastSeenAt)
        .all(ctx.state.db.reader())
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

/// Ends one of `viewer`'s sessions; ending this one is logging out.
///
/// # Errors
/// [`AppError::NotFound`] when it is somebody else's.
pub async fn end(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<(), AppError> {
    if ctx.session.id().is_some_and(|here| hash(&here) == id) {
        return log_out(ctx).await;
    }
    if id.len() != 64 {
        return Err(AppError::NotFound);
    }
    let ended = session::Entity::delete_by_id(id)
        .filter(session::Column::UserId.eq(viewer.id))
        .exec(ctx.state.db.writer())
        .await?;
    if ended.rows_affected == 1 {
        return Ok(());
    }
    // One that has ended meanwhile is what was wanted.
    match session::Entity::find_by_id(id).one(ctx.state.db.reader()).await? {
        Some(_) => Err(AppError::NotFound),
        None => Ok(()),
    }
}

/// Ends all of `viewer`'s sessions but this one.
///
/// # Errors
/// When they cannot be deleted.
pub async fn end_others(ctx: &Ctx, viewer: &Viewer) -> Result<(), AppError> {
    end_others_in(ctx, ctx.state.db.writer(), viewer.id).await?;
    Ok(())
}

/// Ends all of somebody's sessions, this one as well if it is theirs.
pub(crate) async fn end_all_in(db: &impl ConnectionTrait, user_id: i64) -> Result<(), DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .exec(db)
        .await?;
    Ok(())
}

/// The same in a transaction.
pub(super) async fn end_others_in(ctx: &Ctx, db: &impl ConnectionTrait, user_id: i64) -> Result<(), DbErr> {
    let here = ctx.session.id().map(|id| hash(&id)).unwrap_or_default();
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::IdHash.ne(here))
        .exec(db)
        .await?;
    Ok(())
}
