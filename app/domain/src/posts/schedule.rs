//! The publication of drafts at a later time.
//!
//! Every server looks for drafts that are due, and publishes each by deleting it in the transaction that inserts its post.
//! Only one server can delete it, so a draft is published exactly once, and one that was claimed by a server that was
//! killed is still there.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::Expr,
};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::{details, drafts, ownership::own, publish::seen};
use crate::{
    Scope,
    platform::{db::Transaction, entity::draft},
    policy::{self, Action, Target, may},
    site::time_zone,
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem,
        post::{CLOCK, DraftText, PostForm, SCHEDULE_MAX_DAYS, WantedTime},
    },
    model::{
        account::Viewer,
        post::{DraftTarget, PostDetails, Schedule, ScheduleProblem},
    },
};

/// The publication of a draft that is due.
mod due;

pub use due::{publish_due, tell_of_restoration};

/// The delay after which a draft is not published without asking its author again.
const LATE: Duration = Duration::hours(24);

/// Saves `text` as a draft, to be published at the time `wanted`. Saving the draft again does not change that.
///
/// # Errors
///
/// Returns the errors of [`drafts::save`], and [`AppError::Invalid`] if nothing of the text would be visible or if the time
/// does not exist, exists twice, is over, or is more than [`SCHEDULE_MAX_DAYS`] ahead.
pub async fn set(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
    wanted: WantedTime,
) -> Result<(), AppError> {
    // As if it were published now: when it is due, nobody is there to be told to wait.
    scope.state.limits.write.check(&scope.state.db, author.id).await?;
    seen(&text.content).await?;
    let now = scope.state.clock.now();
    let at = instant(&wanted, now)?;
    let transaction = scope.state.db.begin().await?;
    require_publishable(scope, &transaction, author, target, &text).await?;
    let saved = drafts::save_in(&transaction, author, target, text, now).await?;
    let mut scheduled = draft::Entity::update_many();
    if target.post.is_none() {
        // Its post may be gone, and it is to become another one.
        scheduled = scheduled
            .col_expr(draft::Column::PostId, Expr::value(None::<i64>))
            .col_expr(draft::Column::PostVersion, Expr::value(0_i64));
    }
    scheduled
        .col_expr(draft::Column::PublishAt, Expr::value(at))
        .col_expr(draft::Column::PublishZone, Expr::value(wanted.time_zone))
        .col_expr(draft::Column::PublishProblem, Expr::value(None::<String>))
        .filter(draft::Column::Id.eq(saved.id))
        .exec(&transaction)
        .await?;
    scope.state.db.commit(transaction).await?;
    scope.state.schedule_changed.notify_one();
    Ok(())
}

/// Checks what only the database knows about what `text` carries, so that it is not refused when it is due.
async fn require_publishable(
    scope: &Scope,
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    text: &DraftText,
) -> Result<(), AppError> {
    let actor = policy::lock(transaction, author).await?;
    may(actor, Action::Publish, Target::Site)?;
    let before = match target.post {
        Some(id) => PostDetails::read(&own(transaction, actor, Action::Edit, id).await?.details),
        None => PostDetails::default(),
    };
    let form = PostForm::default().with_details(text.details.clone());
    let (details, _) = form.details_alone()?;
    let site_url = &scope.state.settings.site_url;
    details::require(transaction, site_url, author.id, &details, &before).await
}

/// Cancels the schedule of the draft with this id. Succeeds if it has none.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if `author` has no such draft, for example because it has just been published.
pub async fn cancel(scope: &Scope, author: &Viewer, id: i64) -> Result<(), AppError> {
    let cancelled = unscheduled()
        .filter(draft::Column::Id.eq(id))
        .filter(draft::Column::AuthorId.eq(author.id))
        .exec(scope.state.db.writer())
        .await?;
    if cancelled.rows_affected == 0 {
        return Err(AppError::NotFound);
    }
    Ok(())
}

/// Cancels the schedules of the drafts of the post with this id, which was deleted.
pub(crate) async fn cancel_all_of(transaction: &Transaction, post: i64) -> Result<(), DbErr> {
    unscheduled()
        .filter(draft::Column::PostId.eq(post))
        .exec(transaction)
        .await?;
    Ok(())
}

fn unscheduled() -> UpdateMany<draft::Entity> {
    draft::Entity::update_many()
        .col_expr(draft::Column::PublishAt, Expr::value(None::<OffsetDateTime>))
        .col_expr(draft::Column::PublishZone, Expr::value(None::<String>))
        .col_expr(draft::Column::PublishProblem, Expr::value(None::<String>))
}

/// Returns the time at which the next draft is due, if one is scheduled.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn next(scope: &Scope) -> Result<Option<OffsetDateTime>, DbErr> {
    let next: Option<Option<OffsetDateTime>> = draft::Entity::find()
        .select_only()
        .column(draft::Column::PublishAt)
        .filter(draft::Column::PublishAt.is_not_null())
        .filter(draft::Column::PublishProblem.is_null())
        .order_by_asc(draft::Column::PublishAt)
        .limit(1)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    Ok(next.flatten())
}

/// Holds all scheduled drafts of a site that was restored until their authors decide: they may have been published since the
/// backup. The authors are told when the site is started. Returns the number of drafts.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn hold_all(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let held = draft::Entity::update_many()
        .col_expr(
            draft::Column::PublishProblem,
            Expr::value(kept(&ScheduleProblem::JustRestored)),
        )
        .filter(draft::Column::PublishAt.is_not_null())
        .filter(draft::Column::PublishProblem.is_null())
        .exec(db)
        .await?;
    Ok(held.rows_affected)
}

/// Returns the schedule in these columns of a draft.
pub(crate) fn shown(
    at: Option<OffsetDateTime>,
    time_zone: Option<String>,
    problem: Option<&str>,
) -> Option<Schedule> {
    let (at, time_zone) = (at?, time_zone.unwrap_or_else(|| "UTC".to_owned()));
    let (local, _) = time_zone::local(at, &time_zone);
    Some(Schedule {
        at,
        clock: local.format(CLOCK).unwrap_or_default(),
        time_zone,
        // A newer version may have written another problem.
        problem: problem.map(|problem| {
            serde_json::from_str(problem).unwrap_or(ScheduleProblem::Refused(AppError::Internal))
        }),
    })
}

/// Returns the form of `problem` in the database.
pub(crate) fn kept(problem: &ScheduleProblem) -> String {
    // The type has nothing that JSON cannot represent.
    serde_json::to_string(problem).unwrap_or_default()
}

/// Returns the instant that is `wanted`.
fn instant(wanted: &WantedTime, now: OffsetDateTime) -> Result<OffsetDateTime, FieldErrors> {
    let WantedTime { clock, time_zone } = wanted;
    if !time_zone::exists(time_zone) {
        return Err(FieldErrors::one(Field::TimeZone, FieldProblem::NotATimeZone));
    }
    let refused = |problem| FieldErrors::one(Field::PublishAt, problem);
    let at = time_zone::only_instant(*clock, time_zone).map_err(|problem| refused(problem_of(problem)))?;
    if at <= now {
        Err(refused(FieldProblem::InThePast))
    } else if at > now + Duration::days(SCHEDULE_MAX_DAYS) {
        Err(refused(FieldProblem::TooFarAhead(SCHEDULE_MAX_DAYS)))
    } else {
        Ok(at)
    }
}

fn problem_of(change: time_zone::ClockChange) -> FieldProblem {
    let minutes = |clock: PrimitiveDateTime| u16::from(clock.hour()) * 60 + u16::from(clock.minute());
    let (from, to) = (minutes(change.from), minutes(change.to));
    if change.is_forward {
        FieldProblem::Skipped(from, to)
    } else {
        FieldProblem::Repeated(from, to)
    }
}
