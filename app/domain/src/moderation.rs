//! Moderation: hiding posts, erasing versions of them, and suspending or freezing accounts. It requires a higher role than
//! that of the affected user and a reason, and is recorded in the audit log.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    sea_query::Expr,
};
use time::OffsetDateTime;

use crate::{
    Scope,
    accounts::{impersonation, invitations, session::end_all_in},
    audit_log, comments,
    decisions::{self, CaseTarget, NewDecision},
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        entity::{post, user},
        topic::Topic,
    },
    policy::{self, Action, Actor, Target, may},
    posts::{
        held, history,
        state::{self, StateChange},
    },
};
use shared::{
    error::AppError,
    forms::{
        Username,
        moderation::{Erasure, Hiding, Suspension},
    },
    model::{
        account::{Role, Viewer},
        decision::{Act, Ground},
        moderation::{AuditAction, HiddenPost, Moderation, Suspended, describe_post},
        position::Position,
        post::{PostState, PostStatus, Visibility},
    },
};

pub use self::freezing::{end_freezes, freeze, unfreeze};
pub(crate) use self::holding::TextHolder;
pub use self::transparency::transparency;
pub use self::warning::warn;

/// Appeals against decisions.
pub mod appeals;
/// Cases.
pub mod cases;
/// Freezing accounts.
mod freezing;
/// The job that holds texts which are on the site already.
mod holding;
/// Reporting posts, comments and people.
pub mod reports;
/// The numbers of what moderators have done.
mod transparency;
/// Warning people.
mod warning;

/// The maximum number of hidden posts, of suspended users and of frozen accounts that are shown.
const SHOWN: u64 = 100;

/// The columns of a user that moderation needs.
#[derive(FromQueryResult)]
struct Person {
    id: i64,
    username: String,
    email: String,
    role: Role,
    suspended_because: Option<String>,
    frozen_until: Option<OffsetDateTime>,
    frozen_because: Option<String>,
}

/// Returns the moderation overview with the page at `position` of the audit log.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] if `viewer` is a member.
pub async fn overview(scope: &Scope, viewer: &Viewer, position: Position) -> Result<Moderation, AppError> {
    may(Actor::from(viewer), Action::Moderate, Target::Site)?;
    let hidden: Vec<(i64, String, String, String)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Title])
        .column(user::Column::Username)
        .column(post::Column::HiddenBecause)
        .join(JoinType::InnerJoin, post::Relation::User.def())
        .filter(post::Column::HiddenBecause.is_not_null())
        .order_by_desc(post::Column::Id)
        .limit(SHOWN)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let suspended: Vec<(String, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Username, user::Column::SuspendedBecause])
        .filter(user::Column::SuspendedBecause.is_not_null())
        .order_by_desc(user::Column::Id)
        .limit(SHOWN)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let hidden = hidden.into_iter().map(|(id, title, author, reason)| HiddenPost {
        id,
        title,
        author,
        reason,
    });
    let suspended = suspended
        .into_iter()
        .map(|(username, reason)| Suspended { username, reason });
    Ok(Moderation {
        hidden: hidden.collect(),
        suspended: suspended.collect(),
        cases: cases::open(scope, viewer).await?,
        appeals: appeals::waiting(scope, viewer).await?,
        held_posts: held::held(scope, SHOWN).await?,
        held: comments::held(scope, SHOWN).await?,
        frozen: freezing::list(scope).await?,
        lookalikes: impersonation::list(scope).await?,
        records: audit_log::list(scope, position).await?,
    })
}

/// Hides a post. Its author is notified by mail and sees it in the trash with the reason, but cannot restore it.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the author, [`AppError::NotFound`] if there is no such
/// post, and [`AppError::Gone`] if it has been deleted.
pub async fn hide(scope: &Scope, viewer: &Viewer, hiding: Hiding) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let (title, status, author) = author_of(&transaction, hiding.post).await?;
    let actor = require(&transaction, viewer, Action::Hide, &author).await?;
    let target = Target::Post {
        author: author.id,
        status,
    };
    may(actor, Action::Read, target)?;
    let now = scope.state.clock.now();
    let change = StateChange::Hide(now, &hiding.reason);
    if !state::change(&transaction, hiding.post, change).await? {
        return Err(AppError::Gone);
    }
    let subject = describe_post(hiding.post, &title, &author.username);
    audit_log::record(scope, &transaction, AuditAction::Hide, &subject, &hiding.reason).await?;
    let decision = NewDecision {
        person: author.id,
        act: Act::HidePost,
        target: CaseTarget::Post(hiding.post),
        subject: &title,
        ground: hiding.ground,
        facts: &hiding.reason,
        until: None,
    };
    decisions::record(scope, &transaction, decision).await?;
    let template = EmailTemplate::PostHidden {
        title,
        reason: hiding.reason,
    };
    tell(&transaction, scope, &author, &template).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Makes a hidden post visible again.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the author, and [`AppError::NotFound`] if the post is
/// not hidden.
pub async fn show(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let (title, _, author) = author_of(&transaction, id).await?;
    require(&transaction, viewer, Action::Hide, &author).await?;
    if !state::change(&transaction, id, StateChange::Show).await? {
        return Err(AppError::NotFound);
    }
    let subject = describe_post(id, &title, &author.username);
    audit_log::record(scope, &transaction, AuditAction::Show, &subject, "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Erases an earlier version of a post. Its author is notified by mail.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the author, the errors of [`may`] if they may not see the
/// history, and [`AppError::NotFound`] if there is no such post or version.
pub async fn erase_version(scope: &Scope, viewer: &Viewer, erasure: Erasure) -> Result<(), AppError> {
    let Erasure {
        post,
        number,
        ground,
        reason,
    } = erasure;
    let transaction = scope.state.db.begin().await?;
    let (title, status, author) = author_of(&transaction, post).await?;
    let actor = require(&transaction, viewer, Action::Hide, &author).await?;
    let target = Target::Post {
        author: author.id,
        status,
    };
    may(actor, Action::ReadHistory, target)?;
    history::erase_in(&transaction, post, number).await?;
    let subject = describe_post(post, &title, &author.username);
    audit_log::record(scope, &transaction, AuditAction::EraseVersion, &subject, &reason).await?;
    let decision = NewDecision {
        person: author.id,
        act: Act::EraseVersion,
        target: CaseTarget::Post(post),
        subject: &title,
        ground,
        facts: &reason,
        until: None,
    };
    decisions::record(scope, &transaction, decision).await?;
    let template = EmailTemplate::VersionErased { post, title, reason };
    tell(&transaction, scope, &author, &template).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Suspends a user: they cannot log in, all their sessions end, and they are notified by mail. Their posts stay
/// visible.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the user, and [`AppError::NotFound`] if there is no
/// such user.
pub async fn suspend(scope: &Scope, viewer: &Viewer, suspension: Suspension) -> Result<(), AppError> {
    change(
        scope,
        viewer,
        suspension.username,
        AuditAction::Suspend,
        Some((suspension.ground, suspension.reason)),
    )
    .await
}

/// Lifts the suspension of a user.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the user, and [`AppError::NotFound`] if no user of
/// that name is suspended.
pub async fn reinstate(scope: &Scope, viewer: &Viewer, username: &str) -> Result<(), AppError> {
    let username = Username::parse(username).map_err(|_| AppError::NotFound)?;
    change(scope, viewer, username, AuditAction::Reinstate, None).await
}

async fn change(
    scope: &Scope,
    viewer: &Viewer,
    username: Username,
    action: AuditAction,
    because: Option<(Ground, String)>,
) -> Result<(), AppError> {
    let (ground, reason) = because.unzip();
    let transaction = scope.state.db.begin().await?;
    let person: Option<Person> = user::Entity::find()
        .filter(user::Column::UsernameKey.eq(username.key()))
        .lock_exclusive()
        .into_model()
        .one(&transaction)
        .await?;
    let person = person.ok_or(AppError::NotFound)?;
    require(&transaction, viewer, Action::Suspend, &person).await?;
    if reason.is_none() && person.suspended_because.is_none() {
        return Err(AppError::NotFound);
    }
    if reason.is_some() && person.suspended_because == reason {
        // The form was submitted twice; the first request has done everything.
        return Ok(());
    }
    user::Entity::update_many()
        .col_expr(user::Column::SuspendedBecause, Expr::value(reason.as_deref()))
        .filter(user::Column::Id.eq(person.id))
        .exec(&transaction)
        .await?;
    transaction.invalidate([Topic::User(person.id)]);
    if reason.is_some() {
        end_all_in(&transaction, person.id).await?;
        invitations::end_all_of(&transaction, person.id).await?;
    }
    let subject = &person.username;
    let noted = reason.as_deref().unwrap_or_default();
    audit_log::record(scope, &transaction, action, subject, noted).await?;
    if let (Some(ground), Some(reason)) = (ground, &reason) {
        let decision = NewDecision {
            person: person.id,
            act: Act::Suspend,
            target: CaseTarget::User(person.id),
            subject,
            ground,
            facts: reason,
            until: None,
        };
        decisions::record(scope, &transaction, decision).await?;
    }
    let template = match reason {
        Some(reason) => EmailTemplate::Suspended { reason },
        None => EmailTemplate::Reinstated,
    };
    tell(&transaction, scope, &person, &template).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Queues a mail to the affected user.
async fn tell(
    transaction: &Transaction,
    scope: &Scope,
    person: &Person,
    template: &EmailTemplate,
) -> Result<(), AppError> {
    outbox::queue(scope, transaction, &person.email, Some(person.id), template).await
}

/// Returns the title, the status and the author of the post with this id, and locks the author.
async fn author_of(transaction: &Transaction, id: i64) -> Result<(String, PostStatus, Person), AppError> {
    let found: Option<(String, Visibility, PostState, i64)> = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::Title,
            post::Column::Visibility,
            post::Column::State,
            post::Column::AuthorId,
        ])
        .into_tuple()
        .one(transaction)
        .await?;
    let (title, visibility, state, author) = found.ok_or(AppError::NotFound)?;
    let author: Option<Person> = user::Entity::find_by_id(author)
        .lock_exclusive()
        .into_model()
        .one(transaction)
        .await?;
    let status = PostStatus { visibility, state };
    Ok((title, status, author.ok_or(AppError::NotFound)?))
}

/// Checks that `viewer` may do `action` to `other`, and returns them as an actor. The role is read within the
/// transaction because it may have changed.
async fn require(
    transaction: &Transaction,
    viewer: &Viewer,
    action: Action,
    other: &Person,
) -> Result<Actor, AppError> {
    let actor = policy::actor(transaction, viewer).await?;
    may(actor, action, Target::User { role: other.role })?;
    Ok(actor)
}
