//! The publication of a draft that is due.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{LATE, kept};
use crate::{
    Scope,
    mail::{outbox, template::EmailTemplate},
    platform::entity::{draft, user},
    policy::{self, Action, Target, may},
    posts::{
        administration::viewer_of,
        details,
        ownership::own,
        preview_links,
        publish::{assess, completed, insert, is_same, replace_and_keep, seen},
    },
};
use shared::{
    error::AppError,
    forms::{
        Form,
        post::{DetailsForm, PostForm},
    },
    model::{
        account::Viewer,
        post::{PostDetails, PostRef, ScheduleProblem},
    },
};

/// The number of drafts that are read at once.
const BATCH: u64 = 50;

/// Publishes the drafts that are due, and returns how many this server has published. One that is refused, or that is due
/// for so long that its author may not want it any more, stays a draft, and its author receives a mail.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn publish_due(scope: &Scope) -> Result<u64, AppError> {
    let mut published = 0;
    loop {
        let due: Vec<draft::Model> = draft::Entity::find()
            .filter(draft::Column::PublishAt.lte(scope.state.clock.now()))
            .filter(draft::Column::PublishProblem.is_null())
            .order_by_asc(draft::Column::PublishAt)
            .order_by_asc(draft::Column::Id)
            .limit(BATCH)
            .all(scope.state.db.reader())
            .await?;
        let is_last = (due.len() as u64) < BATCH;
        let mut has_failed = false;
        for draft in due {
            let id = draft.id;
            match settle(scope, draft).await {
                Ok(is_published) => published += u64::from(is_published),
                Err(AppError::Unreachable) => return Err(AppError::Unreachable),
                // The others do not wait for it.
                Err(error) => {
                    tracing::error!(
                        draft = id,
                        ?error,
                        "a scheduled post could not be published; it is tried again"
                    );
                    has_failed = true;
                }
            }
        }
        if is_last || has_failed {
            return Ok(published);
        }
    }
}

/// Sends a mail to the authors of the drafts that were held when the site was restored, and returns how many.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. Those who were not told yet are told by another call.
pub async fn tell_of_restoration(scope: &Scope) -> Result<u64, AppError> {
    let held: Vec<draft::Model> = draft::Entity::find()
        .filter(draft::Column::PublishProblem.eq(kept(&ScheduleProblem::JustRestored)))
        .order_by_asc(draft::Column::Id)
        .all(scope.state.db.reader())
        .await?;
    for draft in &held {
        refuse(scope, draft, &ScheduleProblem::Restored).await?;
    }
    Ok(held.len() as u64)
}

/// Publishes `draft`, or keeps the reason why it is not published. Returns whether it was published.
async fn settle(scope: &Scope, draft: draft::Model) -> Result<bool, AppError> {
    let is_late = draft
        .publish_at
        .is_some_and(|at| at < scope.state.clock.now() - LATE);
    let outcome = if is_late {
        Err(ScheduleProblem::Late)
    } else {
        match publish(scope, &draft).await {
            Ok(is_published) => Ok(is_published),
            Err(error) if error.is_passing() => return Err(error),
            // The author cannot log in, which is not what they should read.
            Err(AppError::SignInRequired) => {
                Err(ScheduleProblem::Refused(AppError::Suspended(String::new())))
            }
            Err(error) => Err(ScheduleProblem::Refused(error)),
        }
    };
    match outcome {
        Ok(is_published) => Ok(is_published),
        Err(problem) => refuse(scope, &draft, &problem).await.map(|()| false),
    }
}

/// Publishes `draft`. Returns `false` if another server was faster, or if it has been changed meanwhile.
async fn publish(scope: &Scope, draft: &draft::Model) -> Result<bool, AppError> {
    // The post was deleted for good.
    if draft.post_id.is_none() && draft.post_version > 0 {
        return Err(AppError::Gone);
    }
    let author = author(scope, draft.author_id).await?;
    let new = form(draft).validate()?;
    let rendered = seen(&new.content).await?;
    let html = rendered.html.clone();
    let site = scope.site().await;
    let now = scope.state.clock.now();
    let site_url = &scope.state.settings.site_url;
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, &author).await?;
    let claimed = draft::Entity::delete_many()
        .filter(unchanged(draft))
        .exec(&transaction)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(false);
    }
    may(actor, Action::Publish, Target::Site)?;
    let post = match draft.post_id {
        None => {
            let before = PostDetails::default();
            details::require(&transaction, site_url, author.id, &new.details, &before).await?;
            insert(&transaction, author.id, new, rendered, now).await?
        }
        Some(id) => {
            let before = own(&transaction, actor, Action::Edit, id).await?;
            if before.version != draft.post_version {
                return Err(AppError::Conflict);
            }
            let carried = PostDetails::read(&before.details);
            let new = completed(new, &carried);
            details::require(&transaction, site_url, author.id, &new.details, &carried).await?;
            if is_same(&before, &new) {
                PostRef {
                    id,
                    slug: before.slug,
                }
            } else {
                replace_and_keep(&transaction, before, new, rendered, now).await?
            }
        }
    };
    preview_links::lead_to(&transaction, draft.id, post.id).await?;
    assess(scope, &site, &transaction, author.id, (post.id, &html), now).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    tracing::info!(post = post.id, "a scheduled post was published");
    Ok(true)
}

/// Returns the condition of `draft` as it was read, with the same text and schedule.
fn unchanged(draft: &draft::Model) -> Condition {
    Condition::all()
        .add(draft::Column::Id.eq(draft.id))
        .add(draft::Column::Version.eq(draft.version))
        .add(draft::Column::PublishAt.eq(draft.publish_at))
        .add(match &draft.publish_problem {
            None => draft::Column::PublishProblem.is_null(),
            Some(problem) => draft::Column::PublishProblem.eq(problem.as_str()),
        })
}

/// Returns the form that publishes `draft`.
fn form(draft: &draft::Model) -> PostForm {
    let form = PostForm {
        title: draft.title.clone(),
        tags: draft.tags.clone(),
        content: draft.content.clone(),
        change_note: draft.change_note.clone(),
        // Its length was checked when it was saved.
        content_max: i64::try_from(draft.content.chars().count()).unwrap_or(i64::MAX),
        ..PostForm::default()
    };
    form.with_details(DetailsForm::read(&draft.details))
}

async fn author(scope: &Scope, id: i64) -> Result<Viewer, AppError> {
    let found = user::Entity::find_by_id(id).one(scope.state.db.reader()).await?;
    let found = found.ok_or(AppError::SignInRequired)?;
    Ok(viewer_of(found))
}

/// Keeps why `draft` is not published, and tells its author, unless it has been changed meanwhile.
async fn refuse(scope: &Scope, draft: &draft::Model, problem: &ScheduleProblem) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    // Before the draft, as in every transaction that changes both. A suspended author has a row as well.
    user::Entity::find_by_id(draft.author_id)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .one(&transaction)
        .await?;
    let noted = draft::Entity::update_many()
        .col_expr(draft::Column::PublishProblem, Expr::value(kept(problem)))
        .filter(unchanged(draft))
        .exec(&transaction)
        .await?;
    if noted.rows_affected == 1 {
        let email: Option<String> = user::Entity::find_by_id(draft.author_id)
            .select_only()
            .column(user::Column::Email)
            .into_tuple()
            .one(&transaction)
            .await?;
        let template = EmailTemplate::NotPublished {
            draft: draft.id,
            title: draft.title.clone(),
            reason: problem.message(),
        };
        if let Some(email) = email {
            outbox::queue(scope, &transaction, &email, Some(draft.author_id), &template).await?;
        }
        tracing::info!(
            draft = draft.id,
            reason = problem.message(),
            "a scheduled post was not published"
        );
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}
