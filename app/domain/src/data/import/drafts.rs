//! Drafts.

use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::{Counted, Numbers, advance, moment, number, tags};
use crate::data::interchange::Draft;
use crate::{AppState, platform::entity::draft};
use shared::{error::AppError, forms::post::TITLE_MAX};

/// Adds drafts that are not there.
///
/// # Errors
/// When the database cannot be reached. Then none of them is added.
pub async fn drafts(state: &AppState, numbers: &Numbers, drafts: Vec<Draft>) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let transaction = state.db.begin().await?;
    for incoming in drafts {
        let Some(author) = numbers.people.get(&incoming.author.to_lowercase()).copied() else {
            counted.left_out += 1;
            continue;
        };
        let post = incoming.post.and_then(|post| numbers.posts.get(&post).copied());
        let mut same = Condition::all()
            .add(draft::Column::AuthorId.eq(author))
            .add(draft::Column::CreatedAt.eq(moment(incoming.created_at)))
            .add(draft::Column::Title.eq(incoming.title.as_str()));
        if let Some(post) = post {
            // A post has one at most.
            same = Condition::any().add(same).add(draft::Column::PostId.eq(post));
        }
        let is_there = draft::Entity::find()
            .filter(same)
            .one(&transaction)
            .await?
            .is_some();
        counted.count(!is_there);
        if is_there {
            continue;
        }
        let taken = match incoming.id {
            Some(id) => draft::Entity::find_by_id(id).one(&transaction).await?.is_some(),
            None => true,
        };
        let row = draft::ActiveModel {
            id: number(incoming.id, taken),
            author_id: Set(author),
            post_id: Set(post),
            post_version: Set(incoming.post_version.clamp(0, 1 << 40)),
            title: Set(incoming.title.chars().take(TITLE_MAX).collect()),
            tags: Set(tags(&incoming.tags).kept()),
            content: Set(incoming.content),
            version: Set(incoming.version.clamp(1, 1 << 40)),
            created_at: Set(moment(incoming.created_at)),
            updated_at: Set(moment(incoming.updated_at)),
        };
        draft::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
    }
    advance(&transaction, "drafts").await?;
    state.db.commit(transaction).await?;
    Ok(counted)
}
