//! The posts of the viewer, as they are changed.

use sea_orm::{ConnectionTrait, DerivePartialModel, EntityTrait};
use time::OffsetDateTime;

use crate::{
    platform::entity::post,
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    forms::post::NewPost,
    model::post::{PostState, PostStatus, Visibility},
};

/// The columns of a post that are compared before it is changed.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
pub(crate) struct OwnPost {
    pub id: i64,
    pub slug: String,
    pub version: i64,
    pub title: String,
    pub tags: String,
    pub content: String,
    pub change_note: String,
    pub details: String,
    pub author_id: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    visibility: Visibility,
    state: PostState,
}

impl OwnPost {
    /// Returns whether the text, and what the post carries besides, are those of `new`.
    pub(crate) fn has(&self, new: &NewPost) -> bool {
        self.title == new.title
            && self.content == new.content
            && self.tags == new.tags.kept()
            && self.details == new.details.kept()
    }

    /// Returns the visibility and the state.
    pub(crate) const fn status(&self) -> PostStatus {
        PostStatus {
            visibility: self.visibility,
            state: self.state,
        }
    }
}

/// Returns the post with this id if `actor` may do `action` to it.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, and the errors of [`may`].
pub(crate) async fn own(
    db: &impl ConnectionTrait,
    actor: Actor,
    action: Action,
    id: i64,
) -> Result<OwnPost, AppError> {
    let found: Option<OwnPost> = post::Entity::find_by_id(id).into_partial_model().one(db).await?;
    let found = found.ok_or(AppError::NotFound)?;
    let target = Target::Post {
        author: found.author_id,
        status: found.status(),
    };
    may(actor, action, target).map(|()| found)
}
