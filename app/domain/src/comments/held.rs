//! The comments that wait for a moderator.

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};
use time::OffsetDateTime;

use crate::{
    Scope,
    markdown::excerpt_of,
    platform::entity::{comment, post, user},
};
use shared::{
    error::AppError,
    model::{
        moderation::HeldComment,
        post::{PostState, Visibility},
        profile::shown_name,
        trust::HoldReason,
    },
};

/// The columns of a comment that waits for a moderator.
type Row = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    Option<HoldReason>,
    OffsetDateTime,
);

/// Returns the oldest comments that wait for a moderator, at most `limit`. Those on private posts and on posts that are not on the site
/// are left out.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn held(scope: &Scope, limit: u64) -> Result<Vec<HeldComment>, AppError> {
    let of_author = comment::Entity::belongs_to(user::Entity)
        .from(comment::Column::AuthorId)
        .to(user::Column::Id)
        .into();
    let rows: Vec<Row> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .column(post::Column::Title)
        .column(user::Column::Username)
        .column(user::Column::DisplayName)
        .column(comment::Column::GuestName)
        .column(comment::Column::Html)
        .column(comment::Column::HeldBecause)
        .column(comment::Column::CreatedAt)
        .join(JoinType::InnerJoin, comment::Relation::Post.def())
        .join(JoinType::LeftJoin, of_author)
        .filter(comment::held())
        // Of other posts, moderators do not read what is on them either.
        .filter(post::Column::Visibility.ne(Visibility::Private))
        .filter(post::Column::State.eq(PostState::Published))
        .order_by_asc(comment::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let held = |(id, title, username, display_name, guest_name, html, reason, created_at): Row| HeldComment {
        id,
        title,
        author: match username {
            Some(username) => shown_name(display_name.as_deref(), &username).to_owned(),
            None => guest_name.unwrap_or_default(),
        },
        excerpt: excerpt_of(&html),
        reason,
        created_at,
    };
    Ok(rows.into_iter().map(held).collect())
}
