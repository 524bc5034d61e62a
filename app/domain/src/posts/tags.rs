//! The most popular tags.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Scope,
    platform::{entity::tag, topic::Topic},
};
use shared::{error::AppError, model::tag::TagCard};

/// The number of popular tags.
const POPULAR: u64 = 30;

/// Returns the tags with the most posts.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn popular(scope: &Scope) -> Result<Vec<TagCard>, AppError> {
    let cards = scope
        .state
        .reads
        .popular_tags
        .get(scope, (), read_popular)
        .await?;
    Ok((*cards).clone())
}

async fn read_popular(scope: &Scope) -> Result<Vec<TagCard>, AppError> {
    scope.reads([Topic::Site]);
    let rows = tag::Entity::find()
        .filter(tag::Column::PostCount.gt(0))
        .order_by_desc(tag::Column::PostCount)
        .order_by_desc(tag::Column::Id)
        .limit(POPULAR)
        .all(scope.state.db.reader())
        .await?;
    let cards = rows.into_iter().map(|row| TagCard {
        name: row.name,
        posts: row.post_count.unsigned_abs(),
    });
    Ok(cards.collect())
}
