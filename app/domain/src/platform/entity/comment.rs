//! Comments.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::{entity::prelude::*, sea_query::Expr};
use shared::model::{
    comment::{CommentState, HiddenBy},
    trust::HoldReason,
};
use time::OffsetDateTime;

/// A comment on a post. Its place in the tree is its `path`, which consists of the ids of the comments above it and its own;
/// `parent_id`, `root_id` and `depth` follow from it. `answered_id` is the comment that it answers, if that is not its
/// parent because the thread has no more levels. `html` is derived from `content` by version `renderer` of the renderer.
/// `replies` is the number of published comments below one that begins a thread.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub post_id: i64,
    pub parent_id: Option<i64>,
    pub answered_id: Option<i64>,
    pub root_id: i64,
    pub depth: i32,
    pub path: String,
    pub author_id: Option<i64>,
    pub guest_name: Option<String>,
    pub state: CommentState,
    pub hidden_by: Option<HiddenBy>,
    pub hidden_because: Option<String>,
    pub held_because: Option<HoldReason>,
    pub created_at: OffsetDateTime,
    pub edited_at: Option<OffsetDateTime>,
    pub version: i64,
    pub renderer: i32,
    pub nonce: Option<String>,
    pub replies: i64,
    pub html: String,
    pub content: String,
    #[sea_orm(belongs_to, from = "post_id", to = "id")]
    pub post: BelongsTo<super::post::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Returns the condition of the comments that wait for a moderator. The partial index matches it in this form only.
#[must_use]
pub fn held() -> Expr {
    Expr::cust("comments.state = 'held'")
}
