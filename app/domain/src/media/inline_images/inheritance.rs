//! Images that outlive their owner, because static pages or the settings show them.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use time::OffsetDateTime;

use super::unused::{NAMES, in_settings, in_static_pages};
use crate::platform::{
    db::Transaction,
    entity::{image, user},
};
use shared::model::account::Role;

/// Gives the images of `owner` that static pages and the settings show to another administrator, if there is one: both
/// belong to the site and stay when the account of `owner` is deleted.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn hand_over(transaction: &Transaction, owner: i64) -> Result<(), DbErr> {
    let mut shown = in_static_pages(transaction, OffsetDateTime::UNIX_EPOCH).await?;
    shown.extend(in_settings(transaction).await?);
    if shown.is_empty() {
        return Ok(());
    }
    let other: Option<i64> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.eq(Role::Administrator))
        .filter(user::Column::Id.ne(owner))
        .order_by_asc(user::Column::Id)
        .into_tuple()
        .one(transaction)
        .await?;
    let Some(other) = other else {
        return Ok(());
    };
    let names: Vec<String> = shown.into_iter().collect();
    for some in names.chunks(NAMES) {
        image::Entity::update_many()
            .col_expr(image::Column::OwnerId, Expr::value(other))
            .filter(image::Column::OwnerId.eq(owner))
            .filter(image::Column::Name.is_in(some))
            .exec(transaction)
            .await?;
    }
    Ok(())
}
