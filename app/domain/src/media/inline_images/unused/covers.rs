//! The covers of posts, which are inline images as well.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use time::OffsetDateTime;

use crate::platform::entity::{draft, post, revision};
use shared::{
    forms::post::DetailsForm,
    model::post::{Cover, PostDetails},
};

/// The mark of a cover in stored details.
const MARKED: &str = "%\"cover\"%";

/// Returns the names of the covers of the posts and drafts of `owner` changed since then, and of those that posts had before.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    owner: i64,
    since: OffsetDateTime,
) -> Result<Vec<String>, DbErr> {
    let posts: Vec<String> = post::Entity::find()
        .select_only()
        .column(post::Column::Details)
        .filter(post::Column::AuthorId.eq(owner))
        .filter(post::Column::UpdatedAt.gte(since))
        .filter(post::Column::Details.like(MARKED))
        .into_tuple()
        .all(db)
        .await?;
    // After the posts, whose covers may have become those of revisions meanwhile.
    let revisions: Vec<String> = revision::Entity::find()
        .select_only()
        .column(revision::Column::Details)
        .join(JoinType::InnerJoin, revision::Relation::Post.def())
        .filter(post::Column::AuthorId.eq(owner))
        .filter(revision::Column::ReplacedAt.gte(since))
        .filter(revision::Column::Details.like(MARKED))
        .into_tuple()
        .all(db)
        .await?;
    let drafts: Vec<String> = draft::Entity::find()
        .select_only()
        .column(draft::Column::Details)
        .filter(draft::Column::AuthorId.eq(owner))
        .filter(draft::Column::UpdatedAt.gte(since))
        .filter(draft::Column::Details.like(MARKED))
        .into_tuple()
        .all(db)
        .await?;
    let of_posts = posts.iter().chain(&revisions).filter_map(|details| {
        let Cover { image, .. } = PostDetails::read(details).cover?;
        Some(image.name)
    });
    let of_drafts = drafts
        .iter()
        .filter_map(|details| Some(DetailsForm::read(details).cover_image()?.name));
    Ok(of_posts.chain(of_drafts).collect())
}
