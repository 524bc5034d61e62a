//! Reporting posts, comments and people.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    Scope,
    accounts::username_history,
    comments,
    decisions::CaseTarget,
    mail::{outbox, template::EmailTemplate},
    markdown::excerpt_of,
    platform::{
        db::Transaction,
        entity::{case, comment, post, report, user},
    },
    policy::{self, Action, Target, may},
    posts::{
        self,
        state::{self, StateChange},
    },
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, report::NewReport},
    model::{
        account::Role,
        decision::{Ground, HOLDING_REPORTS, ReportDocument, ReportTarget},
        profile::shown_name,
        trust::{HoldReason, TrustLevel},
    },
    paths,
};

/// A text or a person that somebody may report.
struct Reportable {
    target: CaseTarget,
    /// The id of the author or of the person.
    person: Option<i64>,
    subject: String,
}

/// Returns what the form of a report about `target` shows.
///
/// # Errors
///
/// Returns the errors of reading it, and [`AppError::Forbidden`] if it belongs to the viewer.
pub async fn question(scope: &Scope, target: ReportTarget) -> Result<ReportDocument, AppError> {
    let found = reportable(scope, &target).await?;
    Ok(ReportDocument {
        subject: found.subject,
        is_guest: scope.viewer().await?.is_none(),
    })
}

/// Reports a post, a comment or a person. There is one case for each, which this opens, and one report in it by each person, which
/// a later one replaces. A visitor can report illegal content, and a receipt is mailed to them.
///
/// # Errors
///
/// Returns the errors of [`question`], [`AppError::Throttled`] after too many reports, and [`AppError::Invalid`] if a visitor reports
/// something else or gives no address.
pub async fn report(scope: &Scope, new: NewReport) -> Result<(), AppError> {
    let found = reportable(scope, &new.target).await?;
    let reporter = scope.viewer().await?.map(|viewer| viewer.id);
    count(scope, reporter, &new).await?;
    let transaction = scope.state.db.begin().await?;
    if let Some(person) = found.person {
        // Before the post, as in every transaction that changes both. It also serialises reports about the same person.
        policy::lock_user(&transaction, person).await?;
    }
    let case = open(scope, &transaction, found.target).await?;
    let row = report::ActiveModel {
        case_id: Set(case),
        reporter_id: Set(reporter),
        email: Set(match reporter {
            None => new.email.as_ref().map(|email| email.as_str().to_owned()),
            Some(_) => None,
        }),
        ground: Set(new.ground),
        content: Set(new.content.clone()),
        created_at: Set(scope.state.clock.now()),
        ..Default::default()
    };
    report::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([report::Column::CaseId, report::Column::ReporterId])
                .update_columns([
                    report::Column::Ground,
                    report::Column::Content,
                    report::Column::CreatedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(&transaction)
        .await?;
    if let (None, Some(email)) = (reporter, &new.email) {
        let path = match &new.target {
            ReportTarget::Post(id) => paths::short_post(*id),
            ReportTarget::Comment(id) => paths::comment(*id),
            ReportTarget::User(name) => paths::user(name),
        };
        let template = EmailTemplate::ReportReceived { path };
        outbox::queue(scope, &transaction, email.as_str(), None, &template).await?;
    }
    hold_if_many(scope, &transaction, case, found.target, found.person).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Counts a report of the user with the id `reporter`, or of a visitor.
async fn count(scope: &Scope, reporter: Option<i64>, new: &NewReport) -> Result<(), AppError> {
    let (limits, db) = (&scope.state.limits, &scope.state.db);
    if let Some(id) = reporter {
        return limits.report.check(db, id).await;
    }
    if new.ground != Ground::Illegal {
        return Err(FieldErrors::one(Field::Kind, FieldProblem::NotAChoice).into());
    }
    let Some(email) = &new.email else {
        return Err(FieldErrors::one(Field::Email, FieldProblem::Required).into());
    };
    limits.report_address.check(db, email.key()).await?;
    limits.report_guests.check(db, "all").await
}

/// Returns what `target` is if the actor of `scope` may read it and it is not their own.
async fn reportable(scope: &Scope, target: &ReportTarget) -> Result<Reportable, AppError> {
    may(scope.actor().await?, Action::Report, Target::Site)?;
    let db = scope.state.db.reader();
    let found = match target {
        ReportTarget::Post(id) => {
            let read = posts::read(scope, *id).await?;
            let author: Option<i64> = post::Entity::find_by_id(*id)
                .select_only()
                .column(post::Column::AuthorId)
                .into_tuple()
                .one(db)
                .await?;
            Reportable {
                target: CaseTarget::Post(*id),
                person: author,
                subject: read.card.title,
            }
        }
        ReportTarget::Comment(id) => {
            let read = comments::read(scope, *id, None).await?;
            if read.comment.html.is_empty() {
                return Err(AppError::CommentGone);
            }
            let author: Option<Option<i64>> = comment::Entity::find_by_id(*id)
                .select_only()
                .column(comment::Column::AuthorId)
                .into_tuple()
                .one(db)
                .await?;
            Reportable {
                target: CaseTarget::Comment(*id),
                person: author.flatten(),
                subject: excerpt_of(&read.comment.html),
            }
        }
        ReportTarget::User(name) => {
            let person = username_history::named(&scope.state, name).await?;
            let name = shown_name(person.display_name.as_deref(), &person.username);
            Reportable {
                target: CaseTarget::User(person.id),
                person: Some(person.id),
                subject: name.to_owned(),
            }
        }
    };
    let viewer = scope.viewer().await?;
    if viewer.is_some_and(|viewer| found.person == Some(viewer.id)) {
        return Err(AppError::Forbidden);
    }
    Ok(found)
}

/// Returns the id of the open case about `target`, which it opens if there is none.
async fn open(scope: &Scope, transaction: &Transaction, target: CaseTarget) -> Result<i64, AppError> {
    let now = scope.state.clock.now();
    let (post_id, comment_id, user_id) = match target {
        CaseTarget::Post(id) => (Some(id), None, None),
        CaseTarget::Comment(id) => (None, Some(id), None),
        CaseTarget::User(id) => (None, None, Some(id)),
    };
    let row = case::ActiveModel {
        post_id: Set(post_id),
        comment_id: Set(comment_id),
        user_id: Set(user_id),
        opened_at: Set(now),
        ..Default::default()
    };
    case::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    // One that was closed is opened again.
    case::Entity::update_many()
        .col_expr(case::Column::OpenedAt, Expr::value(now))
        .col_expr(case::Column::ClosedAt, Expr::value(None::<time::OffsetDateTime>))
        .filter(target.is_target())
        .filter(case::Column::ClosedAt.is_not_null())
        .exec(transaction)
        .await?;
    let id: Option<i64> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(target.is_target())
        .into_tuple()
        .one(transaction)
        .await?;
    id.ok_or(AppError::Conflict)
}

/// Holds the text `target` of a new member if so many people whom the site trusts have reported it.
async fn hold_if_many(
    scope: &Scope,
    transaction: &Transaction,
    case: i64,
    target: CaseTarget,
    person: Option<i64>,
) -> Result<(), AppError> {
    let Some(person) = person.filter(|_| !matches!(target, CaseTarget::User(_))) else {
        return Ok(());
    };
    if !scope.site().await.has_trust {
        return Ok(());
    }
    let author: Option<(TrustLevel, Role)> = user::Entity::find_by_id(person)
        .select_only()
        .columns([user::Column::Trust, user::Column::Role])
        .into_tuple()
        .one(transaction)
        .await?;
    if !author.is_some_and(|(trust, role)| trust == TrustLevel::New && !role.moderates()) {
        return Ok(());
    }
    let of_reporter = report::Entity::belongs_to(user::Entity)
        .from(report::Column::ReporterId)
        .to(user::Column::Id)
        .into();
    let opened_at: Option<time::OffsetDateTime> = case::Entity::find_by_id(case)
        .select_only()
        .column(case::Column::OpenedAt)
        .into_tuple()
        .one(transaction)
        .await?;
    let reporters = report::Entity::find()
        .join(JoinType::InnerJoin, of_reporter)
        .filter(report::Column::CaseId.eq(case))
        .filter(report::Column::CreatedAt.gte(opened_at))
        .filter(user::Column::Trust.ne(TrustLevel::New))
        .count(transaction)
        .await?;
    if reporters < HOLDING_REPORTS {
        return Ok(());
    }
    match target {
        CaseTarget::Post(id) => {
            let change = StateChange::Hold(scope.state.clock.now(), HoldReason::Reported);
            state::change(transaction, id, change).await?;
        }
        CaseTarget::Comment(id) => comments::hold(transaction, id, HoldReason::Reported).await?,
        CaseTarget::User(_) => {}
    }
    Ok(())
}
