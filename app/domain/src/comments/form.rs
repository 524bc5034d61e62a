//! The page on which a comment is written.

use super::{
    host,
    of_post::commenting,
    row::{Viewing, find},
};
use crate::{
    Scope,
    policy::{Action, Actor, may},
};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        comment::{CommentState, Commenting, NewCommentDocument},
    },
};

/// Returns what the page shows on which `viewer` comments on the post with the id `post`, or answers the comment `parent`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post or comment, the errors of [`may`] if the viewer may not comment, and
/// [`AppError::CommentHidden`] if the comment is not on the site.
pub async fn form(
    scope: &Scope,
    viewer: &Viewer,
    post: i64,
    parent: Option<i64>,
) -> Result<NewCommentDocument, AppError> {
    let host = host::readable(scope, post).await?;
    let (actor, now) = (Actor::from(viewer), scope.state.clock.now());
    let site = scope.site().await;
    let target = host.discussion(&site, now);
    may(actor, Action::Comment, target)?;
    let answered = match parent {
        None => None,
        Some(id) => {
            let row = find(scope.state.db.reader(), id).await?;
            if row.post_id != post {
                return Err(AppError::NotFound);
            }
            may(actor, Action::ReadComment, row.target(host.author_id))?;
            if row.state != CommentState::Published {
                return Err(AppError::CommentHidden);
            }
            Some(Viewing::new(&scope.state, &site, actor, &host, std::iter::once(&row)).shown(&row))
        }
    };
    let nonce = match commenting(actor, target, now)? {
        Commenting::Open(nonce) => nonce,
        Commenting::SignInRequired | Commenting::Frozen | Commenting::Closed => String::new(),
    };
    Ok(NewCommentDocument {
        post: host.post(),
        title: host.title,
        answered,
        nonce,
    })
}
