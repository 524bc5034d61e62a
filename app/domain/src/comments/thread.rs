//! The page of a comment: the comments above it, and its branch.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    host,
    of_post::commenting,
    path,
    row::{CommentRow, Viewing, find, select},
};
use crate::{
    Scope,
    platform::{entity::comment, topic::Topic},
    policy::{Action, may},
};
use shared::{
    error::AppError,
    model::comment::{CommentPage, CommentState},
};

/// The maximum number of comments below the one of the page.
const BRANCH: u64 = 200;
/// The maximum number of bytes of their HTML.
const BRANCH_MAX_BYTES: usize = 256 * 1024;

/// Returns the page of the comment with this id, on which the branch begins after the comment with the id `after`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there was never such a comment or if the actor may not know of it,
/// [`AppError::CommentGone`] if there is none any more, and the errors of [`may`] if the actor may not read the post or its
/// comments.
pub async fn read(scope: &Scope, id: i64, after: Option<i64>) -> Result<CommentPage, AppError> {
    let db = scope.state.db.reader();
    let row = find(db, id).await?;
    scope.reads([Topic::Post(row.post_id)]);
    let host = host::readable(scope, row.post_id).await?;
    let actor = scope.actor().await?;
    if let Err(AppError::NotFound) = may(actor, Action::ReadComment, row.target(host.author_id)) {
        return Err(AppError::NotFound);
    }
    let above = above(scope, &row).await?;
    let begin = match after {
        None => row.path.clone(),
        Some(after) => match find(db, after).await {
            Ok(after) => after.path,
            // It has been deleted since the page before this one was read.
            Err(AppError::CommentGone | AppError::NotFound) if after > id => row.path.clone(),
            Err(error) => return Err(error),
        },
    };
    if !begin.starts_with(&row.path) {
        return Err(AppError::NotFound);
    }
    let mut below: Vec<CommentRow> = select(comment::Entity::find())
        .filter(comment::Column::RootId.eq(row.root_id))
        .filter(comment::Column::Path.gt(begin.as_str()))
        .filter(comment::Column::Path.lt(path::end(&row.path)))
        .filter(comment::Column::State.ne(CommentState::Held))
        .order_by_asc(comment::Column::Path)
        .limit(BRANCH + 1)
        .into_model()
        .all(db)
        .await?;
    let there = below.len();
    let mut bytes = 0;
    let mut fits = |row: &CommentRow| {
        bytes += row.html.len();
        bytes <= BRANCH_MAX_BYTES
    };
    // At least one, so that the next page is another one.
    let fitting = below.iter().take_while(|row| fits(row)).count().max(1);
    below.truncate(fitting.min(usize::try_from(BRANCH).unwrap_or_default()));
    let has_more = below.len() < there;
    let rows = || above.iter().chain([&row]).chain(&below);
    scope.reads(rows().flat_map(CommentRow::topics));
    let (site, now) = (scope.site().await, scope.state.clock.now());
    let viewing = Viewing::new(&scope.state, &site, actor, &host, rows());
    let shown = |rows: &[CommentRow]| rows.iter().map(|row| viewing.shown(row)).collect();
    Ok(CommentPage {
        post: host.post(),
        above: shown(&above),
        comment: viewing.shown(&row),
        below: shown(&below),
        next: below.last().filter(|_| has_more).map(|last| last.id),
        commenting: commenting(actor, host.discussion(&site, now), now)?,
        title: host.title.clone(),
    })
}

/// Returns the comments above `row`, from the beginning of the thread.
async fn above(scope: &Scope, row: &CommentRow) -> Result<Vec<CommentRow>, AppError> {
    let mut ids = path::ids(&row.path);
    ids.pop();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut above: Vec<CommentRow> = select(comment::Entity::find())
        .filter(comment::Column::Id.is_in(ids))
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    above.sort_by_key(|row| row.depth);
    Ok(above)
}
