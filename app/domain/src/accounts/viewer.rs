//! The viewer of a request: the user of its session.

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use time::{Duration, OffsetDateTime};
use tower_sessions::{Session, session::Error};

use super::session_store::{SIGN_IN, SignIn, hash, unreachable};
use crate::{
    AppState,
    platform::entity::{session as session_row, user},
};
use shared::{
    error::AppError,
    model::{
        account::{Role, Viewer},
        media::Avatar,
    },
};

/// The minimum interval between two updates of the time a user was last seen.
const SEEN_EVERY: Duration = Duration::minutes(1);
/// The interval after which the cookie of a remembered session is renewed with its full lifetime.
const RENEWED_EVERY: Duration = Duration::days(1);

#[derive(FromQueryResult)]
struct ViewerRow {
    id: i64,
    username: String,
    display_name: Option<String>,
    picture: Option<String>,
    role: Role,
    frozen_until: Option<OffsetDateTime>,
    data: String,
    seen: Option<OffsetDateTime>,
}

/// Returns the user of `session`. One statement, because every page of a logged-in user needs it.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub(crate) async fn lookup(state: &AppState, session: &Session) -> Result<Option<Viewer>, AppError> {
    let Some(id_hash) = session.id().map(|id| hash(&id)) else {
        return Ok(None);
    };
    let now = state.clock.now();
    let of_session = user::Entity::belongs_to(session_row::Entity)
        .from(user::Column::Id)
        .to(session_row::Column::UserId)
        .into();
    let found: Option<ViewerRow> = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Username,
            user::Column::DisplayName,
            user::Column::Picture,
            user::Column::Role,
            user::Column::FrozenUntil,
        ])
        .column_as(session_row::Column::Data, "data")
        .column_as(session_row::Column::LastSeenAt, "seen")
        .join(JoinType::InnerJoin, of_session)
        .filter(session_row::Column::IdHash.eq(id_hash.as_str()))
        .filter(session_row::Column::ExpiresAt.gt(now))
        .filter(user::Column::SuspendedBecause.is_null())
        .into_model()
        .one(state.db.reader())
        .await
        .map_err(|error| Error::from(unreachable(error)))?;
    let Some(row) = found else {
        // Loading the expired session makes the session layer remove the cookie.
        session.get::<SignIn>(SIGN_IN).await?;
        return Ok(None);
    };
    let Some(sign_in) = SignIn::parse(&row.data).map_err(Error::from)? else {
        return Ok(None);
    };

    if sign_in.remembered && now - sign_in.cookie_at >= RENEWED_EVERY {
        // Loads the session first: inserting into one that has ended in the meantime would create a new session.
        if session.get::<SignIn>(SIGN_IN).await?.is_none() {
            return Ok(None);
        }
        let renewed = SignIn {
            cookie_at: now,
            ..sign_in.clone()
        };
        session.insert(SIGN_IN, renewed).await?;
        session.set_expiry(Some(sign_in.cookie_expiry()));
    }
    if row.seen.is_none_or(|seen| now - seen >= SEEN_EVERY) {
        // Runs in the background, so that no page waits for it.
        tokio::spawn(note_seen(state.clone(), sign_in.clone(), id_hash));
    }
    Ok(Some(Viewer {
        id: row.id,
        username: row.username,
        display_name: row.display_name,
        picture: Avatar::from_name(row.picture),
        role: row.role,
        is_frozen: row.frozen_until.is_some(),
    }))
}

/// Updates when the user was last seen, unless that was done within the last minute.
async fn note_seen(state: AppState, sign_in: SignIn, id_hash: String) {
    let now = state.clock.now();
    let noted = async {
        let transaction = state.db.begin().await?;
        // Locks the user before the session, like every transaction that changes both, to prevent deadlocks.
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
        session_row::Entity::update_many()
            .col_expr(session_row::Column::LastSeenAt, Expr::value(now))
            .col_expr(
                session_row::Column::ExpiresAt,
                Expr::value(sign_in.expires_at(now)),
            )
            .filter(session_row::Column::IdHash.eq(id_hash))
            .filter(session_row::Column::LastSeenAt.lte(now - SEEN_EVERY))
            .exec(&transaction)
            .await?;
        state.db.commit(transaction).await
    };
    let noted: Result<(), DbErr> = noted.await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the time when somebody was last seen cannot be saved");
    }
}
