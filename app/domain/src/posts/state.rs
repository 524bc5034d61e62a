//! Changes of the state of a post, which keep the lists in step.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, sea_query::Expr};
use time::OffsetDateTime;

use crate::platform::{
    db::Transaction,
    entity::post,
    list::{Cursor, counters},
    topic::Topic,
};
use shared::{
    error::AppError,
    model::{
        post::{PostState, PostStatus},
        tag::Tags,
        trust::HoldReason,
    },
};

/// A change of the state of a post.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StateChange<'a> {
    /// The post is moved to the trash.
    Delete(OffsetDateTime),
    /// The post is restored from the trash.
    Restore,
    /// A moderator hides the post for this reason.
    Hide(OffsetDateTime, &'a str),
    /// A moderator makes the post visible again.
    Show,
    /// The post waits for a moderator from this time on, for this reason.
    Hold(OffsetDateTime, HoldReason),
    /// A moderator approves the post. If it has never been on the site, this is the time of its publication.
    Approve(OffsetDateTime),
}

impl StateChange<'_> {
    /// Returns whether the change applies to a post in this state.
    const fn applies_to(self, state: PostState) -> bool {
        match self {
            // A held post could be restored without the decision for which it waits.
            Self::Delete(_) | Self::Hold(..) => matches!(state, PostState::Published),
            Self::Hide(..) => matches!(state, PostState::Published | PostState::Held),
            Self::Restore => matches!(state, PostState::Deleted),
            Self::Show => matches!(state, PostState::Hidden),
            Self::Approve(_) => matches!(state, PostState::Held),
        }
    }

    /// Returns the state after the change.
    const fn state(self) -> PostState {
        match self {
            Self::Delete(_) => PostState::Deleted,
            Self::Hide(..) => PostState::Hidden,
            Self::Restore | Self::Show | Self::Approve(_) => PostState::Published,
            Self::Hold(..) => PostState::Held,
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    author_id: i64,
    created_at: OffsetDateTime,
    held_at: Option<OffsetDateTime>,
    tags: String,
    #[sea_orm(nested)]
    status: PostStatus,
}

/// Changes the state of the post with this id, and the lists that it enters or leaves. Returns `false` if the change
/// does not apply to its present state.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post.
pub(crate) async fn change(
    transaction: &Transaction,
    id: i64,
    change: StateChange<'_>,
) -> Result<bool, AppError> {
    let found: Option<Row> = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::AuthorId,
            post::Column::CreatedAt,
            post::Column::HeldAt,
            post::Column::Tags,
            post::Column::Visibility,
            post::Column::State,
        ])
        .into_model()
        .one(transaction)
        .await?;
    let before = found.ok_or(AppError::NotFound)?;
    if !change.applies_to(before.status.state) {
        return Ok(false);
    }
    let (deleted_at, reason) = match change {
        StateChange::Delete(at) => (Some(at), None),
        StateChange::Hide(at, reason) => (Some(at), Some(reason)),
        StateChange::Restore | StateChange::Show | StateChange::Hold(..) | StateChange::Approve(_) => {
            (None, None)
        }
    };
    let hold = match change {
        StateChange::Hold(at, reason) => Some((at, reason)),
        _ => None,
    };
    let (held_at, held_because) = hold.unzip();
    let mut update = post::Entity::update_many()
        .col_expr(post::Column::State, Expr::value(change.state()))
        .col_expr(post::Column::DeletedAt, Expr::value(deleted_at))
        .col_expr(post::Column::HiddenBecause, Expr::value(reason))
        .col_expr(post::Column::HeldAt, Expr::value(held_at))
        .col_expr(post::Column::HeldBecause, Expr::value(held_because))
        .filter(post::Column::Id.eq(id))
        .filter(post::Column::State.eq(before.status.state));
    let mut published_at = before.created_at;
    if let StateChange::Approve(now) = change
        && before.held_at == Some(before.created_at)
    {
        published_at = now;
        update = update
            .col_expr(post::Column::CreatedAt, Expr::value(now))
            .col_expr(post::Column::UpdatedAt, Expr::value(now));
    }
    let changed = update.exec(transaction).await?;
    if changed.rows_affected == 0 {
        // Another request was faster.
        return Ok(false);
    }
    transaction.invalidate([Topic::Post(id)]);
    let after = PostStatus {
        state: change.state(),
        ..before.status
    };
    let key = Cursor { at: published_at, id };
    match (before.status.is_listed(), after.is_listed()) {
        (true, false) => counters::remove(transaction, before.author_id, key).await?,
        (false, true) => {
            let tags = Tags::read(&before.tags);
            counters::add(transaction, before.author_id, key, &tags).await?;
        }
        _ => {}
    }
    Ok(true)
}
