//! The numbers of comments on posts.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;

/// The number of comments on the post with the id `post_id` that everybody sees. A table of its own, because the rows of posts
/// are long and change less often.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_counts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: i64,
    pub comments: i64,
    #[sea_orm(belongs_to, from = "post_id", to = "id")]
    pub post: BelongsTo<super::post::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
