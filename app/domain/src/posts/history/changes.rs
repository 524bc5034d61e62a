//! Changes of the history of a post by its author.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{Text, add};
use crate::{
    Scope,
    platform::{
        db::Transaction,
        entity::{post, revision},
        topic::Topic,
    },
    policy::{self, Action, Target, may},
    posts::{
        ownership::own,
        publish::{replace, seen},
    },
};
use shared::{
    error::AppError,
    forms::post::NewPost,
    model::{
        account::Viewer,
        post::{PostDetails, PostRef},
        tag::Tags,
    },
};

/// Publishes the text that the post with this id had in version `number` as a new version. The present text is that of
/// version `present`. A draft of the post stays as it is.
///
/// # Errors
///
/// Returns [`AppError::Conflict`] if the post has been changed since version `present`, [`AppError::NotFound`] if there is
/// no such post or version, and the errors of publishing.
pub async fn restore(
    scope: &Scope,
    author: &Viewer,
    id: i64,
    number: i64,
    present: i64,
) -> Result<PostRef, AppError> {
    scope.state.limits.write.check(&scope.state.db, author.id).await?;
    let found: Option<Text> = revision::Entity::find()
        .filter(revision::Column::PostId.eq(id))
        .filter(revision::Column::Version.eq(number))
        .into_partial_model()
        .one(scope.state.db.reader())
        .await?;
    // Before the version is known to exist, so that others learn nothing about the history.
    own(scope.state.db.reader(), author.into(), Action::Edit, id).await?;
    let text = found.ok_or(AppError::NotFound)?;
    let rendered = seen(&text.content).await?;
    let new = NewPost {
        title: text.title,
        tags: Tags::read(&text.tags),
        content: text.content,
        change_note: format!("Restored version {number}"),
        details: PostDetails::read(&text.details),
        visibility: None,
    };
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    let before = own(&transaction, actor, Action::Edit, id).await?;
    may(actor, Action::Publish, Target::Site)?;
    if before.version != present {
        return Err(AppError::Conflict);
    }
    // Its length is not checked: the text was on the site before.
    let now = scope.state.clock.now();
    add(&transaction, &before, now).await?;
    let restored = replace(&transaction, before, new, rendered, now).await?;
    scope.state.db.commit(transaction).await?;
    Ok(restored)
}

/// Erases the text that the post with this id had in version `number`. The present text cannot be erased.
///
/// # Errors
///
/// Returns the errors of [`own`] if `author` may not change the post, and [`AppError::NotFound`] if its history has no such
/// version.
pub async fn erase(scope: &Scope, author: &Viewer, id: i64, number: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    own(&transaction, actor, Action::Edit, id).await?;
    erase_in(&transaction, id, number).await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Erases the text that the post with this id had in version `number` within `transaction`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if its history has no such version.
pub(crate) async fn erase_in(transaction: &Transaction, id: i64, number: i64) -> Result<(), AppError> {
    let erased = revision::Entity::delete_many()
        .filter(revision::Column::PostId.eq(id))
        .filter(revision::Column::Version.eq(number))
        .exec(transaction)
        .await?;
    if erased.rows_affected == 0 {
        return Err(AppError::NotFound);
    }
    Ok(())
}

/// Chooses whether everybody who may read the post with this id may see its history.
///
/// # Errors
///
/// Returns the errors of [`own`] if `author` may not change the post.
pub async fn set_public(scope: &Scope, author: &Viewer, id: i64, is_public: bool) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    own(&transaction, actor, Action::Edit, id).await?;
    may(actor, Action::Publish, Target::Site)?;
    post::Entity::update_many()
        .col_expr(post::Column::IsHistoryPublic, Expr::value(is_public))
        .filter(post::Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    transaction.invalidate([Topic::Post(id)]);
    scope.state.db.commit(transaction).await?;
    Ok(())
}
