//! Posts.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::{entity::prelude::*, sea_query::Expr};
use shared::model::{
    post::{PostState, Visibility},
    trust::HoldReason,
};
use time::OffsetDateTime;

/// The condition of the posts in lists, which corresponds to [`PostStatus::is_listed`]. The partial indexes match it in
/// this form only, without bound values.
///
/// [`PostStatus::is_listed`]: shared::model::post::PostStatus::is_listed
pub const LISTED: &str = "posts.visibility = 'public' AND posts.state = 'published'";

/// Returns [`LISTED`] as an expression.
#[must_use]
pub fn listed() -> Expr {
    Expr::cust(LISTED)
}

/// Returns the condition of the posts that wait for a moderator. The partial index matches it in this form only.
#[must_use]
pub fn held() -> Expr {
    Expr::cust("posts.state = 'held'")
}

/// Returns the condition of the posts that their authors keep out of lists. The partial index matches it in this form
/// only.
#[must_use]
pub fn unlisted() -> Expr {
    Expr::cust("posts.visibility <> 'public'")
}

/// A post. `content` is the Markdown source; `html`, `excerpt` and `words` are derived from it by version `renderer`
/// of the renderer. `visibility` and `state` decide who may read it. A post in the trash has a `deleted_at`, and one
/// that a moderator has hidden has that and a `hidden_because`. One that waits for a moderator since `held_at` may have a
/// `held_because`; it has never been on the site if that is the time of its creation. `change_note` is about the last change of the text, and
/// `details` are [`PostDetails`] as JSON. `pinned_comment_id` is the comment that its author shows first.
///
/// [`PostDetails`]: shared::model::post::PostDetails
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub author_id: i64,
    pub title: String,
    pub slug: String,
    pub content: String,
    pub html: String,
    pub excerpt: String,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub version: i64,
    pub renderer: i32,
    pub words: i32,
    pub deleted_at: Option<OffsetDateTime>,
    pub hidden_because: Option<String>,
    pub held_because: Option<HoldReason>,
    pub held_at: Option<OffsetDateTime>,
    pub visibility: Visibility,
    pub state: PostState,
    pub tags: String,
    pub change_note: String,
    pub is_history_public: bool,
    pub details: String,
    pub has_closed_comments: bool,
    pub pinned_comment_id: Option<i64>,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
