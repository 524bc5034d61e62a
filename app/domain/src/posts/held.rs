//! The posts that wait for a moderator.

use sea_orm::{EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};
use time::OffsetDateTime;

use super::state::{self, StateChange};
use crate::{
    Scope, audit_log,
    decisions::{self, CaseTarget},
    platform::{
        db::Transaction,
        entity::{post, user},
    },
    policy::{self, Action, Target, may},
    trust,
};
use shared::{
    error::AppError,
    model::{
        account::{Role, Viewer},
        moderation::{AuditAction, HeldPost, describe_post},
        post::{PostState, PostStatus, Visibility},
        profile::shown_name,
        trust::HoldReason,
    },
};

/// The columns of a post that waits for a moderator.
type Row = (
    i64,
    String,
    String,
    Option<String>,
    String,
    Option<HoldReason>,
    OffsetDateTime,
    i64,
);

/// Returns the oldest posts that wait for a moderator, at most `limit`.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn held(scope: &Scope, limit: u64) -> Result<Vec<HeldPost>, AppError> {
    let rows: Vec<Row> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Title])
        .columns([user::Column::Username, user::Column::DisplayName])
        .columns([
            post::Column::Excerpt,
            post::Column::HeldBecause,
            post::Column::CreatedAt,
            post::Column::Version,
        ])
        .join(JoinType::InnerJoin, post::Relation::User.def())
        .filter(post::held())
        .order_by_asc(post::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let held = |(id, title, username, display_name, excerpt, reason, created_at, version): Row| HeldPost {
        id,
        title,
        author: shown_name(display_name.as_deref(), &username).to_owned(),
        excerpt,
        reason,
        created_at,
        version,
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Publishes a post that waits for a moderator, who has read this version, and trusts its author.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the author, [`AppError::NotFound`] if there is no such post, and
/// [`AppError::Conflict`] if its author has changed it meanwhile.
pub async fn approve(scope: &Scope, viewer: &Viewer, id: i64, version: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::actor(&transaction, viewer).await?;
    let post = find(&transaction, id).await?;
    may(actor, Action::Hide, Target::User { role: post.role })?;
    let target = Target::Post {
        author: post.author_id,
        status: post.status,
    };
    may(actor, Action::Read, target)?;
    if post.status.state == PostState::Held && post.version != version {
        return Err(AppError::Conflict);
    }
    let change = StateChange::Approve(scope.state.clock.now());
    if !state::change(&transaction, id, change).await? {
        // Somebody else was faster.
        return Ok(());
    }
    trust::approve(&transaction, post.author_id).await?;
    decisions::close(scope, &transaction, CaseTarget::Post(id), false).await?;
    let subject = describe_post(id, &post.title, &post.author);
    audit_log::record(scope, &transaction, AuditAction::ApprovePost, &subject, "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// The columns of a post on which a decision about it depends.
struct Undecided {
    title: String,
    author_id: i64,
    author: String,
    role: Role,
    status: PostStatus,
    version: i64,
}

async fn find(transaction: &Transaction, id: i64) -> Result<Undecided, AppError> {
    let found: Option<(String, Visibility, PostState, i64, i64)> = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::Title,
            post::Column::Visibility,
            post::Column::State,
            post::Column::AuthorId,
            post::Column::Version,
        ])
        .into_tuple()
        .one(transaction)
        .await?;
    let (title, visibility, state, author_id, version) = found.ok_or(AppError::NotFound)?;
    let author: Option<(String, Role)> = user::Entity::find_by_id(author_id)
        .select_only()
        .columns([user::Column::Username, user::Column::Role])
        .lock_exclusive()
        .into_tuple()
        .one(transaction)
        .await?;
    let (author, role) = author.ok_or(AppError::NotFound)?;
    Ok(Undecided {
        title,
        author_id,
        author,
        role,
        status: PostStatus { visibility, state },
        version,
    })
}
