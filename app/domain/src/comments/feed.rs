//! The feed of the comments on a post.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use super::{
    host,
    row::{CommentRow, select},
};
use crate::{
    Scope,
    platform::{entity::comment, topic::Topic},
};
use shared::{
    error::AppError,
    model::{
        comment::{CommentState, Commenter},
        post::PostRef,
    },
};

/// The number of comments in the feed.
const LENGTH: u64 = 20;

/// The newest comments on a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentFeed {
    /// The post.
    pub post: PostRef,
    /// The title of the post.
    pub title: String,
    /// The comments, newest first.
    pub entries: Vec<FeedEntry>,
    /// The time of the last change.
    pub updated_at: OffsetDateTime,
}

/// A comment in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// The id.
    pub id: i64,
    /// The id of the comment that it answers, unless it begins a thread.
    pub answered: Option<i64>,
    /// Who has written it.
    pub author: Commenter,
    /// The text as sanitised HTML.
    pub html: String,
    /// The time at which it was written.
    pub created_at: OffsetDateTime,
    /// The time of the last change.
    pub updated_at: OffsetDateTime,
}

/// Returns the newest comments on the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post or the site has no comments, and the errors of
/// [`may`](crate::policy::may) if the actor may not read them.
pub async fn latest(scope: &Scope, post: i64) -> Result<CommentFeed, AppError> {
    scope.reads([Topic::Post(post)]);
    let host = host::readable(scope, post).await?;
    let rows: Vec<CommentRow> = select(comment::Entity::find())
        .filter(comment::Column::PostId.eq(post))
        .filter(comment::Column::State.eq(CommentState::Published))
        .order_by_desc(comment::Column::Id)
        .limit(LENGTH)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    scope.reads(rows.iter().flat_map(CommentRow::topics));
    let (site, site_url) = (scope.site().await, &scope.state.settings.site_url);
    let entry = |row: &CommentRow| FeedEntry {
        id: row.id,
        answered: row.answered_id.or(row.parent_id),
        author: row.commenter(),
        html: row.shown_html(&site, site_url).into_owned(),
        created_at: row.created_at,
        updated_at: row.edited_at.unwrap_or(row.created_at),
    };
    let changed = rows.iter().map(|row| row.edited_at.unwrap_or(row.created_at));
    Ok(CommentFeed {
        post: host.post(),
        updated_at: changed.max().unwrap_or(host.created_at),
        title: host.title,
        entries: rows.iter().map(entry).collect(),
    })
}
