//! Cases: the reports about a text or a person, about which a moderator decides.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use time::OffsetDateTime;

use crate::{
    Scope, audit_log,
    decisions::{self, CaseTarget},
    markdown::excerpt_of,
    platform::{
        db::Transaction,
        entity::{case, comment, post, report, user},
    },
    policy::{self, Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::{Role, Viewer},
        decision::{CLAIMED, CaseCard, CasePage, CaseSubject, PersonRecord, ReportCard, ReportTarget},
        moderation::{AuditAction, describe_case},
        trust::TrustLevel,
    },
};

/// The number of open cases that are shown.
const SHOWN: u64 = 100;
/// The number of reports in a case, and of decisions about its person, that are shown.
const RECORD: u64 = 20;

/// Returns the open cases, oldest first, at most 100.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(super) async fn open(scope: &Scope) -> Result<Vec<CaseCard>, AppError> {
    let rows: Vec<case::Model> = case::Entity::find()
        .filter(case::Column::ClosedAt.is_null())
        .order_by_asc(case::Column::OpenedAt)
        .order_by_asc(case::Column::Id)
        .limit(SHOWN)
        .all(scope.state.db.reader())
        .await?;
    cards(scope, rows).await
}

/// Returns `rows` as they are shown.
async fn cards(scope: &Scope, rows: Vec<case::Model>) -> Result<Vec<CaseCard>, AppError> {
    let db = scope.state.db.reader();
    let ids = rows.iter().map(|row| row.id);
    let reports: Vec<report::Model> = report::Entity::find()
        .filter(report::Column::CaseId.is_in(ids))
        .order_by_asc(report::Column::Id)
        .all(db)
        .await?;
    let mut of_case: HashMap<i64, Vec<report::Model>> = HashMap::new();
    for report in reports {
        of_case.entry(report.case_id).or_default().push(report);
    }
    let now = scope.state.clock.now();
    let mut cards = Vec::new();
    for row in rows {
        let reports = of_case.remove(&row.id).unwrap_or_default();
        let mut grounds = Vec::new();
        for report in &reports {
            if !grounds.contains(&report.ground) {
                grounds.push(report.ground);
            }
        }
        cards.push(CaseCard {
            id: row.id,
            subject: subject(scope, &row).await?.0,
            reports: reports.len() as u64,
            grounds,
            claimed_by: claimant(scope, &row, now).await?,
            opened_at: row.opened_at,
        });
    }
    Ok(cards)
}

/// Returns the username of the moderator who has claimed `row`.
async fn claimant(scope: &Scope, row: &case::Model, now: OffsetDateTime) -> Result<Option<String>, AppError> {
    let is_claimed = row.claimed_until.is_some_and(|until| until > now);
    let Some(id) = row.claimed_by.filter(|_| is_claimed) else {
        return Ok(None);
    };
    let name = user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::Username)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    Ok(name)
}

/// The person whom a case concerns.
#[derive(Debug, Clone, FromQueryResult)]
struct Person {
    id: i64,
    username: String,
    role: Role,
    trust: TrustLevel,
    created_at: OffsetDateTime,
}

fn people() -> Select<user::Entity> {
    user::Entity::find().select_only().columns([
        user::Column::Id,
        user::Column::Username,
        user::Column::Role,
        user::Column::Trust,
        user::Column::CreatedAt,
    ])
}

/// Returns what `row` is about, with its HTML and its person.
async fn subject(
    scope: &Scope,
    row: &case::Model,
) -> Result<(CaseSubject, String, Option<Person>), AppError> {
    let db = scope.state.db.reader();
    let (target, words, html, author) = if let Some(id) = row.post_id {
        let found: Option<(String, String, i64)> = post::Entity::find_by_id(id)
            .select_only()
            .columns([post::Column::Title, post::Column::Html, post::Column::AuthorId])
            .into_tuple()
            .one(db)
            .await?;
        let (title, html, author) = found.ok_or(AppError::NotFound)?;
        (ReportTarget::Post(id), title, html, Some(author))
    } else if let Some(id) = row.comment_id {
        let found: Option<(String, Option<i64>)> = comment::Entity::find_by_id(id)
            .select_only()
            .columns([comment::Column::Html, comment::Column::AuthorId])
            .into_tuple()
            .one(db)
            .await?;
        let (html, author) = found.ok_or(AppError::NotFound)?;
        (ReportTarget::Comment(id), excerpt_of(&html), html, author)
    } else {
        let id = row.user_id.ok_or(AppError::NotFound)?;
        (
            ReportTarget::User(String::new()),
            String::new(),
            String::new(),
            Some(id),
        )
    };
    let person: Option<Person> = match author {
        Some(id) => {
            people()
                .filter(user::Column::Id.eq(id))
                .into_model()
                .one(db)
                .await?
        }
        None => None,
    };
    let username = person.as_ref().map(|person| person.username.clone());
    let subject = match (target, &username) {
        (ReportTarget::User(_), Some(name)) => CaseSubject {
            target: ReportTarget::User(name.clone()),
            words: name.clone(),
            username,
        },
        (target, _) => CaseSubject {
            target,
            words,
            username,
        },
    };
    Ok((subject, html, person))
}

/// Returns the page of the case with this id.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] if `viewer` is a member, and [`AppError::NotFound`] if there is no such case.
pub async fn read(scope: &Scope, viewer: &Viewer, id: i64) -> Result<CasePage, AppError> {
    let actor = Actor::from(viewer);
    may(actor, Action::Moderate, Target::Site)?;
    let db = scope.state.db.reader();
    let row = case::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(AppError::NotFound)?;
    let (_, html, person) = subject(scope, &row).await?;
    let is_closed = row.closed_at.is_some();
    let is_claimed = row
        .claimed_until
        .is_some_and(|until| until > scope.state.clock.now());
    let is_mine = is_claimed && row.claimed_by == Some(viewer.id);
    let case = cards(scope, vec![row]).await?.pop().ok_or(AppError::NotFound)?;
    let of_reporter = report::Entity::belongs_to(user::Entity)
        .from(report::Column::ReporterId)
        .to(user::Column::Id)
        .into();
    let reports: Vec<(
        Option<String>,
        shared::model::decision::Ground,
        String,
        OffsetDateTime,
    )> = report::Entity::find()
        .select_only()
        .column(user::Column::Username)
        .columns([
            report::Column::Ground,
            report::Column::Content,
            report::Column::CreatedAt,
        ])
        .join(sea_orm::JoinType::LeftJoin, of_reporter)
        .filter(report::Column::CaseId.eq(id))
        .order_by_desc(report::Column::Id)
        .limit(RECORD)
        .into_tuple()
        .all(db)
        .await?;
    let reports = reports
        .into_iter()
        .map(|(reporter, ground, content, created_at)| ReportCard {
            reporter,
            ground,
            content,
            created_at,
        });
    let person = match person {
        Some(person) => Some(PersonRecord {
            decisions: decisions::of_person(scope, person.id, RECORD).await?,
            may_act: may(actor, Action::Hide, Target::User { role: person.role }).is_ok(),
            username: person.username,
            trust: person.trust,
            created_at: person.created_at,
        }),
        None => None,
    };
    Ok(CasePage {
        case,
        is_closed,
        is_mine,
        html,
        reports: reports.collect(),
        person,
    })
}

/// Claims the case with this id for `viewer`, for 15 minutes from now on.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] if `viewer` is a member, and [`AppError::Claimed`] if another moderator has claimed it or it is
/// closed.
pub async fn claim(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::actor(&transaction, viewer).await?;
    may(actor, Action::Moderate, Target::Site)?;
    let now = scope.state.clock.now();
    let claimed = case::Entity::update_many()
        .col_expr(case::Column::ClaimedBy, Expr::value(viewer.id))
        .col_expr(case::Column::ClaimedUntil, Expr::value(now + CLAIMED))
        .filter(case::Column::Id.eq(id))
        .filter(case::Column::ClosedAt.is_null())
        .filter(is_free(viewer, now))
        .exec(&transaction)
        .await?;
    if claimed.rows_affected == 0 {
        return Err(AppError::Claimed);
    }
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Returns the condition of cases that nobody else than `viewer` has claimed.
fn is_free(viewer: &Viewer, now: OffsetDateTime) -> Expr {
    case::Column::ClaimedUntil
        .is_null()
        .or(case::Column::ClaimedUntil.lte(now))
        .or(case::Column::ClaimedBy.eq(viewer.id))
}

/// Closes the case with this id without an act.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] if `viewer` is a member, [`AppError::NotFound`] if there is no such case, and
/// [`AppError::Claimed`] if another moderator has claimed it.
pub async fn close(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::actor(&transaction, viewer).await?;
    may(actor, Action::Moderate, Target::Site)?;
    let row = find(&transaction, id).await?;
    let (subject, ..) = subject(scope, &row).await?;
    let is_claimed = row
        .claimed_until
        .is_some_and(|until| until > scope.state.clock.now());
    if is_claimed && row.claimed_by != Some(viewer.id) {
        return Err(AppError::Claimed);
    }
    if !decisions::close(scope, &transaction, target(&row)?, false).await? {
        // Somebody else was faster.
        return Ok(());
    }
    let described = describe_case(id, &subject.words);
    audit_log::record(scope, &transaction, AuditAction::DismissCase, &described, "").await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

async fn find(transaction: &Transaction, id: i64) -> Result<case::Model, AppError> {
    let found = case::Entity::find_by_id(id).one(transaction).await?;
    found.ok_or(AppError::NotFound)
}

fn target(row: &case::Model) -> Result<CaseTarget, AppError> {
    match (row.post_id, row.comment_id, row.user_id) {
        (Some(id), ..) => Ok(CaseTarget::Post(id)),
        (None, Some(id), _) => Ok(CaseTarget::Comment(id)),
        (None, None, Some(id)) => Ok(CaseTarget::User(id)),
        (None, None, None) => Err(AppError::NotFound),
    }
}
