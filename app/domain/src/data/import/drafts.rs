//! Import of drafts.

use std::collections::hash_map::Entry;

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use super::{
    Counted, Numbers, advance,
    free::{Free, Key},
    moment, note_of, number, tags,
};
use crate::data::interchange::Draft;
use crate::{
    Scope,
    platform::{db::Transaction, entity::draft},
    posts::schedule,
};
use shared::{error::AppError, forms::post::TITLE_MAX, model::post::ScheduleProblem};

/// Adds the drafts that do not exist yet.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. None of the drafts is added then.
pub async fn drafts(scope: &Scope, numbers: &mut Numbers, drafts: Vec<Draft>) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let transaction = scope.state.db.begin().await?;
    for mut incoming in drafts {
        incoming.created_at = moment(incoming.created_at);
        incoming.title = incoming.title.chars().take(TITLE_MAX).collect();
        let Some(author) = numbers.people.get(&incoming.author.to_lowercase()).copied() else {
            counted.left_out += 1;
            continue;
        };
        let post = incoming.post.and_then(|post| numbers.posts.get(&post).copied());
        let of_post = match post {
            // A post has at most one draft of each author.
            Some(post) => of_post(&transaction, post, author).await?,
            None => None,
        };
        let same = match of_post {
            Some(id) => Some(id),
            None => numbers.same_draft(&transaction, author, &incoming).await?,
        };
        counted.count(same.is_none());
        if same.is_some() {
            continue;
        }
        let taken = match incoming.id {
            Some(id) => draft::Entity::find_by_id(id).one(&transaction).await?.is_some(),
            None => true,
        };
        // The site that it comes from may publish it as well, so the author is asked.
        let publish_at = incoming.publish_at.map(moment);
        let row = draft::ActiveModel {
            id: number(incoming.id, taken),
            author_id: Set(author),
            post_id: Set(post),
            post_version: Set(incoming.post_version.clamp(0, 1 << 40)),
            title: Set(incoming.title),
            tags: Set(tags(&incoming.tags).kept()),
            content: Set(incoming.content),
            change_note: Set(note_of(incoming.change_note)),
            details: Set(incoming.details.kept()),
            publish_at: Set(publish_at),
            publish_zone: Set(incoming.publish_zone.filter(|_| publish_at.is_some())),
            publish_problem: Set(publish_at.map(|_| schedule::kept(&ScheduleProblem::Restored))),
            version: Set(incoming.version.clamp(1, 1 << 40)),
            created_at: Set(incoming.created_at),
            updated_at: Set(moment(incoming.updated_at)),
        };
        draft::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
    }
    advance(&transaction, "drafts").await?;
    scope.state.db.commit(transaction).await?;
    Ok(counted)
}

async fn of_post(transaction: &Transaction, post: i64, author: i64) -> Result<Option<i64>, AppError> {
    let found = draft::Entity::find()
        .select_only()
        .column(draft::Column::Id)
        .filter(draft::Column::PostId.eq(post))
        .filter(draft::Column::AuthorId.eq(author))
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(found)
}

impl Numbers {
    /// Returns the existing draft of `author` that corresponds to `incoming`: one with the same title that was
    /// created at the same time or, if that time is not known, one with the same title.
    async fn same_draft(
        &mut self,
        transaction: &Transaction,
        author: i64,
        incoming: &Draft,
    ) -> Result<Option<i64>, AppError> {
        let free = match self.drafts_here.entry(author) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(drafts_of(transaction, author).await?),
        };
        let title = incoming.title.clone();
        Ok(free.take([if incoming.is_undated {
            Key::Words(title, String::new())
        } else {
            Key::Moment(incoming.created_at, title)
        }]))
    }
}

async fn drafts_of(transaction: &Transaction, author: i64) -> Result<Free, AppError> {
    let drafts: Vec<(i64, String, OffsetDateTime)> = draft::Entity::find()
        .select_only()
        .columns([draft::Column::Id, draft::Column::Title, draft::Column::CreatedAt])
        .filter(draft::Column::AuthorId.eq(author))
        .order_by_asc(draft::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    let mut free = Free::default();
    for (id, title, at) in drafts {
        free.add(
            id,
            [Key::Moment(at, title.clone()), Key::Words(title, String::new())],
        );
    }
    Ok(free)
}
