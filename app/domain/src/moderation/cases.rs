//! Cases: the reports about a text or a person, about which a moderator decides.

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
        entity::{case, comment, decision, post, report, user},
    },
    policy::{self, Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::{Role, Viewer},
        comment::CommentState,
        decision::{
            CLAIMED, CaseCard, CasePage, CaseSubject, Ground, PersonRecord, ReportCard, ReportTarget,
        },
        moderation::{AuditAction, describe_case},
        post::{PostState, PostStatus, Visibility},
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
pub(super) async fn open(scope: &Scope, viewer: &Viewer) -> Result<Vec<CaseCard>, AppError> {
    let rows: Vec<case::Model> = case::Entity::find()
        .filter(case::Column::ClosedAt.is_null())
        .order_by_asc(case::Column::OpenedAt)
        .order_by_asc(case::Column::Id)
        .limit(SHOWN)
        .all(scope.state.db.reader())
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let subject = match subject(scope, viewer, &row).await {
            Err(AppError::NotFound) => continue,
            subject => subject?,
        };
        // Nobody decides about what concerns themselves, or learns who has reported it.
        if subject
            .person
            .as_ref()
            .is_none_or(|person| person.id != viewer.id)
        {
            found.push(card(scope, row, subject.words).await?);
        }
    }
    Ok(found)
}

/// Returns `row`, which is about `subject`, as it is shown.
async fn card(scope: &Scope, row: case::Model, subject: CaseSubject) -> Result<CaseCard, AppError> {
    let reports: Vec<Ground> = report::Entity::find()
        .select_only()
        .column(report::Column::Ground)
        .filter(report::Column::CaseId.eq(row.id))
        .filter(report::Column::CreatedAt.gte(row.opened_at))
        .order_by_asc(report::Column::Id)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let mut grounds = Vec::new();
    for ground in &reports {
        if !grounds.contains(ground) {
            grounds.push(*ground);
        }
    }
    Ok(CaseCard {
        id: row.id,
        subject,
        reports: reports.len() as u64,
        grounds,
        claimed_by: claimant(scope, &row, scope.state.clock.now()).await?,
        opened_at: row.opened_at,
    })
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

/// The target of a case with its text and its person.
struct Subject {
    words: CaseSubject,
    /// The text as sanitised HTML; empty for a person, and if the viewer may not read it any more.
    html: String,
    person: Option<Person>,
}

/// Returns what `row` is about, as `viewer` may read it: its author may have taken it back since it was reported.
async fn subject(scope: &Scope, viewer: &Viewer, row: &case::Model) -> Result<Subject, AppError> {
    let db = scope.state.db.reader();
    let (target, text, author) = if let Some(id) = row.post_id {
        let text = text_of_post(scope, viewer, id).await?;
        let words = text
            .words
            .unwrap_or_else(|| "A post that is not on the site".to_owned());
        (ReportTarget::Post(id), (words, text.html), Some(text.author))
    } else if let Some(id) = row.comment_id {
        let found: Option<(i64, CommentState, String, Option<i64>)> = comment::Entity::find_by_id(id)
            .select_only()
            .columns([
                comment::Column::PostId,
                comment::Column::State,
                comment::Column::Html,
                comment::Column::AuthorId,
            ])
            .into_tuple()
            .one(db)
            .await?;
        let (post, state, html, author) = found.ok_or(AppError::NotFound)?;
        let is_read = text_of_post(scope, viewer, post).await?.words.is_some();
        let html = if is_read && state != CommentState::Deleted {
            html
        } else {
            String::new()
        };
        let words = match excerpt_of(&html) {
            empty if empty.is_empty() => "A comment".to_owned(),
            words => words,
        };
        (ReportTarget::Comment(id), (words, html), author)
    } else {
        let id = row.user_id.ok_or(AppError::NotFound)?;
        (ReportTarget::User(String::new()), Default::default(), Some(id))
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
    let (words, html) = text;
    let words = match (target, &username) {
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
    Ok(Subject { words, html, person })
}

/// A post as a moderator may read it.
struct PostText {
    author: i64,
    /// The title; `None` if the moderator may not read the post.
    words: Option<String>,
    html: String,
}

async fn text_of_post(scope: &Scope, viewer: &Viewer, id: i64) -> Result<PostText, AppError> {
    let found: Option<(String, String, i64, Visibility, PostState)> = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::Title,
            post::Column::Html,
            post::Column::AuthorId,
            post::Column::Visibility,
            post::Column::State,
        ])
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let (title, html, author, visibility, state) = found.ok_or(AppError::NotFound)?;
    let status = PostStatus { visibility, state };
    Ok(
        match may(Actor::from(viewer), Action::Read, Target::Post { author, status }) {
            Ok(()) => PostText {
                author,
                words: Some(title),
                html,
            },
            Err(_) => PostText {
                author,
                words: None,
                html: String::new(),
            },
        },
    )
}

/// Returns an error if `actor` may not decide about what concerns `person`: they are the same, or the person has no lower role.
fn require(actor: Actor, person: Option<&Person>) -> Result<(), AppError> {
    let own = matches!((actor, person), (Actor::User { id, .. }, Some(person)) if id == person.id);
    if own {
        return Err(AppError::NotFound);
    }
    // A comment that was imported has no author with an account.
    let role = person.map_or(Role::Member, |person| person.role);
    may(actor, Action::Hide, Target::User { role })
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
    let Subject { words, html, person } = subject(scope, viewer, &row).await?;
    if person.as_ref().is_some_and(|person| person.id == viewer.id) {
        return Err(AppError::NotFound);
    }
    let may_act = require(actor, person.as_ref()).is_ok();
    let opened_at = row.opened_at;
    let is_closed = row.closed_at.is_some();
    let is_claimed = row
        .claimed_until
        .is_some_and(|until| until > scope.state.clock.now());
    let is_mine = is_claimed && row.claimed_by == Some(viewer.id);
    let case = card(scope, row, words).await?;
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
        .filter(report::Column::CreatedAt.gte(opened_at))
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
        may_act,
        html,
        reports: reports.collect(),
        person,
    })
}

/// Claims the case with this id for `viewer`, for 15 minutes from now on.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the person, [`AppError::NotFound`] if there is no such case, and
/// [`AppError::Claimed`] if another moderator has claimed it or it is closed.
pub async fn claim(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::actor(&transaction, viewer).await?;
    may(actor, Action::Moderate, Target::Site)?;
    let row = find(&transaction, id).await?;
    require(actor, subject(scope, viewer, &row).await?.person.as_ref())?;
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

/// Closes the case with this id without a further act.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the person, [`AppError::NotFound`] if there is no such case, and
/// [`AppError::Claimed`] if another moderator has claimed it.
pub async fn close(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::actor(&transaction, viewer).await?;
    may(actor, Action::Moderate, Target::Site)?;
    let row = find(&transaction, id).await?;
    let subject = subject(scope, viewer, &row).await?;
    require(actor, subject.person.as_ref())?;
    // A moderator may have acted on the person instead of the text.
    let has_acted = match &subject.person {
        Some(person) => {
            let made = decision::Entity::find()
                .filter(decision::Column::UserId.eq(person.id))
                .filter(decision::Column::CreatedAt.gte(row.opened_at));
            made.one(&transaction).await?.is_some()
        }
        None => false,
    };
    if !decisions::close(scope, &transaction, target(&row)?, has_acted).await? {
        // Somebody else was faster.
        return Ok(());
    }
    let described = describe_case(id, &subject.words.words);
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
