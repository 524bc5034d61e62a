//! The origin of the site when its first post was published. It is part of the ids of feed entries and never changes,
//! because feed readers treat an entry with another id as a new one.

use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QuerySelect, sea_query::OnConflict};
use url::Url;

use super::{
    entity::{fact, post},
    topic::Topic,
};
use crate::AppState;
use shared::error::AppError;

/// The name of the origin in the table of facts.
const NAME: &str = "first_origin";

/// Returns the stored origin, or `None` if the site has never been started.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub async fn read(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let found = fact::Entity::find_by_id(NAME).one(db).await?;
    Ok(found.map(|fact| fact.value))
}

/// Returns the stored origin, or the configured one if there is none.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub async fn current(state: &AppState) -> Result<String, AppError> {
    let kept = read(state.db.reader()).await?;
    Ok(kept.unwrap_or_else(|| state.settings.site_url.origin().to_owned()))
}

/// Stores the configured origin, unless another one is stored and there are posts.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn keep(state: &AppState) -> Result<(), DbErr> {
    let origin = state.settings.site_url.origin();
    let kept = read(state.db.reader()).await?;
    if kept.as_deref() == Some(origin) || kept.is_some() && has_posts(state.db.reader()).await? {
        return Ok(());
    }
    set(state, origin).await
}

/// Stores the `origin` of an import, unless one is stored and there are posts.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn adopt(state: &AppState, origin: &str) -> Result<(), AppError> {
    Ok(set(state, origin).await?)
}

/// Returns whether `text` is an origin: scheme, host and port.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
    })
}

/// Stores `origin`. If there are posts, a stored one is kept, because another server may have started at the same
/// time.
async fn set(state: &AppState, origin: &str) -> Result<(), DbErr> {
    let transaction = state.db.begin().await?;
    let unless_kept = if has_posts(&transaction).await? {
        OnConflict::column(fact::Column::Name).do_nothing().to_owned()
    } else {
        OnConflict::column(fact::Column::Name)
            .update_column(fact::Column::Value)
            .to_owned()
    };
    let row = fact::ActiveModel {
        name: Set(NAME.to_owned()),
        value: Set(origin.to_owned()),
    };
    fact::Entity::insert(row)
        .on_conflict(unless_kept)
        .exec_without_returning(&transaction)
        .await?;
    // Feeds contain it.
    transaction.invalidate([Topic::Everything]);
    state.db.commit(transaction).await
}

async fn has_posts(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let found: Option<i64> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}
