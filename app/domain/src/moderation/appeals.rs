//! Appeals against decisions, about which another moderator decides.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{Person, freezing, tell};
use crate::{
    Scope, audit_log, comments,
    decisions::card,
    mail::template::EmailTemplate,
    platform::{
        db::Transaction,
        entity::{decision, user},
        topic::Topic,
    },
    policy::{self, Action, Actor, Target, may},
    posts::state::{self, StateChange},
    trust,
};
use shared::{
    error::AppError,
    forms::report::DecidedAppeal,
    model::{
        account::{Role, Viewer},
        decision::{Act, WaitingAppeal},
        moderation::AuditAction,
    },
};

/// The number of appeals that are shown.
const SHOWN: u64 = 100;

/// Returns the appeals that wait, oldest first, at most 100.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(super) async fn waiting(scope: &Scope, viewer: &Viewer) -> Result<Vec<WaitingAppeal>, AppError> {
    let rows: Vec<decision::Model> = decision::Entity::find()
        .filter(decision::Column::UserId.is_not_null())
        .filter(decision::Column::AppealedAt.is_not_null())
        .filter(decision::Column::AnsweredAt.is_null())
        .order_by_asc(decision::Column::AppealedAt)
        .order_by_asc(decision::Column::Id)
        .limit(SHOWN)
        .all(scope.state.db.reader())
        .await?;
    let mut waiting = Vec::new();
    for row in rows {
        match shown(scope, viewer, row).await {
            Ok(appeal) => waiting.push(appeal),
            // The account has been deleted meanwhile.
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(waiting)
}

/// Returns the appeal against the decision with this id, if it waits.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] if `viewer` is a member, and [`AppError::NotFound`] if there is no such appeal.
pub async fn read(scope: &Scope, viewer: &Viewer, id: i64) -> Result<WaitingAppeal, AppError> {
    may(Actor::from(viewer), Action::Moderate, Target::Site)?;
    let row = decision::Entity::find_by_id(id)
        .filter(decision::Column::AppealedAt.is_not_null())
        .filter(decision::Column::AnsweredAt.is_null())
        .one(scope.state.db.reader())
        .await?;
    shown(scope, viewer, row.ok_or(AppError::NotFound)?).await
}

async fn shown(scope: &Scope, viewer: &Viewer, row: decision::Model) -> Result<WaitingAppeal, AppError> {
    let person: Option<(String, Role)> = user::Entity::find_by_id(row.user_id.ok_or(AppError::NotFound)?)
        .select_only()
        .columns([user::Column::Username, user::Column::Role])
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let (username, role) = person.ok_or(AppError::NotFound)?;
    let may_act = may(Actor::from(viewer), Action::Hide, Target::User { role }).is_ok();
    let is_own = row.moderator_id == Some(viewer.id);
    let may_decide = may_act && !(is_own && has_other(scope.state.db.reader(), viewer, role).await?);
    Ok(WaitingAppeal {
        moderator: row.moderator.clone(),
        decision: card(row, scope.state.clock.now()),
        username,
        may_decide,
    })
}

/// Returns whether somebody other than `viewer` may act on a person with this `role`.
async fn has_other(
    db: &impl sea_orm::ConnectionTrait,
    viewer: &Viewer,
    role: Role,
) -> Result<bool, AppError> {
    let able = Role::ALL
        .into_iter()
        .filter(|other| other.moderates() && *other > role);
    let other: Option<i64> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.is_in(able))
        .filter(user::Column::Id.ne(viewer.id))
        .filter(user::Column::SuspendedBecause.is_null())
        .filter(user::Column::FrozenUntil.is_null())
        .into_tuple()
        .one(db)
        .await?;
    Ok(other.is_some())
}

/// Decides about the appeal against a decision: the act is reversed, or stays. The person is told by mail.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the person, [`AppError::NotFound`] if no such appeal waits, and
/// [`AppError::OwnDecision`] if `viewer` has made the decision and there is another moderator.
pub async fn decide(scope: &Scope, viewer: &Viewer, decided: DecidedAppeal) -> Result<(), AppError> {
    let DecidedAppeal {
        decision: id,
        is_reversed,
        answer,
    } = decided;
    let transaction = scope.state.db.begin().await?;
    let actor = policy::actor(&transaction, viewer).await?;
    may(actor, Action::Moderate, Target::Site)?;
    let row = decision::Entity::find_by_id(id)
        .filter(decision::Column::AppealedAt.is_not_null())
        .filter(decision::Column::AnsweredAt.is_null())
        .one(&transaction)
        .await?;
    let row = row.ok_or(AppError::NotFound)?;
    let person: Option<Person> = user::Entity::find_by_id(row.user_id.ok_or(AppError::NotFound)?)
        .lock_exclusive()
        .into_model()
        .one(&transaction)
        .await?;
    let person = person.ok_or(AppError::NotFound)?;
    may(actor, Action::Hide, Target::User { role: person.role })?;
    if row.moderator_id == Some(viewer.id) && has_other(&transaction, viewer, person.role).await? {
        return Err(AppError::OwnDecision);
    }
    let written = decision::Entity::update_many()
        .col_expr(decision::Column::Answer, Expr::value(answer.as_str()))
        .col_expr(decision::Column::AnsweredAt, Expr::value(scope.state.clock.now()))
        .col_expr(decision::Column::IsReversed, Expr::value(is_reversed))
        .filter(decision::Column::Id.eq(id))
        .filter(decision::Column::AnsweredAt.is_null())
        .exec(&transaction)
        .await?;
    if written.rows_affected == 0 {
        return Err(AppError::NotFound);
    }
    let action = if is_reversed {
        if is_latest(&transaction, &row).await? {
            reverse(&transaction, &row, &person).await?;
        }
        if !has_others(&transaction, &row).await? {
            trust::regain(&transaction, person.id).await?;
        }
        AuditAction::GrantAppeal
    } else {
        AuditAction::RefuseAppeal
    };
    audit_log::record(scope, &transaction, action, &person.username, &answer).await?;
    let template = EmailTemplate::AppealDecided {
        is_reversed,
        reason: answer,
    };
    tell(&transaction, scope, &person, &template).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Reverses what the decision `row` about `person` has done, as far as it still lasts. An erased version cannot be restored.
async fn reverse(transaction: &Transaction, row: &decision::Model, person: &Person) -> Result<(), AppError> {
    match (row.act, row.post_id, row.comment_id) {
        (Act::HidePost, Some(id), _) => {
            state::change(transaction, id, StateChange::Show).await?;
        }
        (Act::HideComment, _, Some(id)) => comments::reveal(transaction, id).await?,
        (Act::Freeze, ..) => freezing::write(transaction, person.id, None).await?,
        (Act::Suspend, ..) => {
            user::Entity::update_many()
                .col_expr(user::Column::SuspendedBecause, Expr::value(None::<String>))
                .filter(user::Column::Id.eq(person.id))
                .exec(transaction)
                .await?;
            transaction.invalidate([Topic::User(person.id)]);
        }
        (Act::HidePost | Act::HideComment | Act::EraseVersion | Act::Warn, ..) => {}
    }
    Ok(())
}

/// Returns whether what `row` has done was not decided again since, for another reason.
async fn is_latest(transaction: &Transaction, row: &decision::Model) -> Result<bool, AppError> {
    let mut later = decision::Entity::find()
        .filter(decision::Column::UserId.eq(row.user_id))
        .filter(decision::Column::Act.eq(row.act))
        .filter(decision::Column::Id.gt(row.id));
    if let Some(post) = row.post_id {
        later = later.filter(decision::Column::PostId.eq(post));
    }
    if let Some(comment) = row.comment_id {
        later = later.filter(decision::Column::CommentId.eq(comment));
    }
    Ok(later.one(transaction).await?.is_none())
}

/// Returns whether there are other decisions about the person of `row` that stand.
async fn has_others(transaction: &Transaction, row: &decision::Model) -> Result<bool, AppError> {
    let other = decision::Entity::find()
        .filter(decision::Column::UserId.eq(row.user_id))
        .filter(decision::Column::Id.ne(row.id))
        .filter(decision::Column::IsReversed.eq(false))
        .one(transaction)
        .await?;
    Ok(other.is_some())
}
