//! Recording a decision.

use sea_orm::{ActiveValue::Set, EntityTrait};
use time::OffsetDateTime;

use super::case::{CaseTarget, close};
use crate::{
    Scope,
    platform::{db::Transaction, entity::decision},
    trust,
};
use shared::{
    error::AppError,
    model::decision::{Act, Ground},
};

/// A decision that has just been made.
pub(crate) struct NewDecision<'a> {
    /// The id of the user whom it concerns.
    pub person: i64,
    /// The act.
    pub act: Act,
    /// To what.
    pub target: CaseTarget,
    /// The words about it, such as the title of a post.
    pub subject: &'a str,
    /// The ground.
    pub ground: Ground,
    /// The facts, as entered by the moderator.
    pub facts: &'a str,
    /// Until when it lasts, if it ends by itself.
    pub until: Option<OffsetDateTime>,
}

/// Records a decision of the actor of `scope`, and closes the case about its target. If somebody has reported it, its author is no
/// longer trusted.
///
/// # Errors
///
/// Returns an error if the decision cannot be recorded; what was decided must not be committed then.
pub(crate) async fn record(
    scope: &Scope,
    transaction: &Transaction,
    new: NewDecision<'_>,
) -> Result<(), AppError> {
    let (post_id, comment_id) = match new.target {
        CaseTarget::Post(id) => (Some(id), None),
        CaseTarget::Comment(id) => (None, Some(id)),
        CaseTarget::User(_) => (None, None),
    };
    let moderator = scope.viewer().await?;
    let row = decision::ActiveModel {
        user_id: Set(Some(new.person)),
        moderator_id: Set(moderator.map(|moderator| moderator.id)),
        moderator: Set(scope.actor_name().await?),
        act: Set(new.act),
        subject: Set(new.subject.to_owned()),
        post_id: Set(post_id),
        comment_id: Set(comment_id),
        ground: Set(new.ground),
        facts: Set(new.facts.to_owned()),
        is_automated: Set(false),
        until: Set(new.until),
        created_at: Set(scope.state.clock.now()),
        is_reversed: Set(false),
        ..Default::default()
    };
    decision::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    if close(scope, transaction, new.target, true).await? {
        trust::lose(transaction, new.person, scope.state.clock.now()).await?;
    }
    Ok(())
}
