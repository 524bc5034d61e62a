//! The post to which comments belong.

use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationTrait, sea_query::LockType,
};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::{
    Scope,
    platform::{
        db::Transaction,
        entity::{post, user},
    },
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::Role,
        post::{PostRef, PostStatus},
        site::{CommentMode, SiteIdentity},
    },
};

/// The columns of a post on which its comments depend.
#[derive(Debug, Clone, Serialize, FromQueryResult)]
pub(super) struct Host {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub author_id: i64,
    pub author: String,
    pub author_role: Role,
    pub created_at: OffsetDateTime,
    pub has_closed_comments: bool,
    pub pinned_comment_id: Option<i64>,
    #[sea_orm(nested)]
    pub status: PostStatus,
}

impl Host {
    /// Returns the parts of the URL of the post.
    pub(super) fn post(&self) -> PostRef {
        PostRef {
            id: self.id,
            slug: self.slug.clone(),
        }
    }

    /// Returns whether nobody can comment: the site has no comments, the post is older than the site allows, or somebody has
    /// closed them.
    pub(super) fn is_closed(&self, site: &SiteIdentity, now: OffsetDateTime) -> bool {
        site.comments == CommentMode::Off || self.is_too_old(site, now) || self.has_closed_comments
    }

    /// Returns whether the post is older than those on which the site allows comments.
    pub(super) fn is_too_old(&self, site: &SiteIdentity, now: OffsetDateTime) -> bool {
        let closes_after = site.comments_close_after;
        closes_after.is_some_and(|days| now - self.created_at > Duration::days(days))
    }

    /// Returns the comments as the target of an action.
    pub(super) fn discussion(&self, site: &SiteIdentity, now: OffsetDateTime) -> Target {
        Target::Discussion {
            author: self.author_id,
            role: self.author_role,
            status: self.status,
            is_closed: self.is_closed(site, now),
        }
    }

    /// Returns an error if `actor` may not read the post or its comments.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`may`], [`AppError::NotFound`] if the site has no comments, and
    /// [`AppError::SignInRequired`] if they are for members only.
    pub(super) fn require_readable(&self, site: &SiteIdentity, actor: Actor) -> Result<(), AppError> {
        let target = Target::Post {
            author: self.author_id,
            status: self.status,
        };
        may(actor, Action::Read, target)?;
        match site.comments {
            CommentMode::Off => Err(AppError::NotFound),
            CommentMode::Members if actor == Actor::Visitor => Err(AppError::SignInRequired),
            CommentMode::Open | CommentMode::Members => Ok(()),
        }
    }
}

/// Returns the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post.
pub(super) async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Host, AppError> {
    let found = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Slug,
            post::Column::Title,
            post::Column::AuthorId,
            post::Column::CreatedAt,
            post::Column::HasClosedComments,
            post::Column::PinnedCommentId,
            post::Column::Visibility,
            post::Column::State,
        ])
        .column_as(user::Column::Username, "author")
        .column_as(user::Column::Role, "author_role")
        .join(JoinType::InnerJoin, post::Relation::User.def())
        .into_model()
        .one(db)
        .await?;
    found.ok_or(AppError::NotFound)
}

/// Returns the post with this id, and locks its row, which serializes the changes of its comments. The row of the actor must be
/// locked before.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post.
pub(super) async fn lock(transaction: &Transaction, id: i64) -> Result<Host, AppError> {
    post::Entity::find_by_id(id)
        .select_only()
        .column(post::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<i64>()
        .one(transaction)
        .await?;
    find(transaction, id).await
}

/// Returns the post with this id if `scope` may read its comments.
///
/// # Errors
///
/// Returns the errors of [`find`] and of [`Host::require_readable`].
pub(super) async fn readable(scope: &Scope, id: i64) -> Result<Host, AppError> {
    let host = find(scope.state.db.reader(), id).await?;
    host.require_readable(&*scope.site().await, scope.actor().await?)?;
    Ok(host)
}
