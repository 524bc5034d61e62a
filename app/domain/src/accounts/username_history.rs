//! The former usernames of users. Their old URLs redirect to the current ones until another user takes the name.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use time::OffsetDateTime;

use crate::{
    AppState,
    platform::{
        db::Transaction,
        entity::{former_username, user},
    },
};
use shared::{error::AppError, forms::Username};

/// A user found by a current or former username.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Named {
    /// The id of the user.
    pub id: i64,
    /// The current username.
    pub username: String,
    /// The display name, if there is one.
    pub display_name: Option<String>,
    /// The time of the registration.
    pub created_at: OffsetDateTime,
}

/// Returns the user with this current or former username. Current usernames take precedence.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user.
pub(crate) async fn named(state: &AppState, name: &str) -> Result<Named, AppError> {
    let key = Username::parse(name).map_err(|_| AppError::NotFound)?.key();
    let people = || {
        user::Entity::find().select_only().columns([
            user::Column::Id,
            user::Column::Username,
            user::Column::DisplayName,
            user::Column::CreatedAt,
        ])
    };
    let found = people()
        .filter(user::Column::UsernameKey.eq(key.as_str()))
        .into_model()
        .one(state.db.reader())
        .await?;
    if let Some(found) = found {
        return Ok(found);
    }
    let former = former_username::Entity::find_by_id(key)
        .one(state.db.reader())
        .await?
        .ok_or(AppError::NotFound)?;
    let found = people()
        .filter(user::Column::Id.eq(former.user_id))
        .into_model()
        .one(state.db.reader())
        .await?;
    found.ok_or(AppError::NotFound)
}

/// Records former usernames that were imported for the user with this id, except those that are already former
/// usernames of another user. A current username takes precedence in any case.
pub(crate) async fn adopt(
    transaction: &Transaction,
    id: i64,
    names: impl IntoIterator<Item = &String>,
) -> Result<(), DbErr> {
    for name in names.into_iter().filter_map(|name| Username::parse(name).ok()) {
        let row = former_username::ActiveModel {
            username_key: Set(name.key()),
            user_id: Set(id),
        };
        let first = OnConflict::column(former_username::Column::UsernameKey)
            .do_nothing()
            .to_owned();
        former_username::Entity::insert(row)
            .on_conflict(first)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Records `key` as a former username of the user with this id.
pub(super) async fn note(transaction: &Transaction, id: i64, key: &str) -> Result<(), DbErr> {
    let row = former_username::ActiveModel {
        username_key: Set(key.to_owned()),
        user_id: Set(id),
    };
    let latest = OnConflict::column(former_username::Column::UsernameKey)
        .update_column(former_username::Column::UserId)
        .to_owned();
    former_username::Entity::insert(row)
        .on_conflict(latest)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
