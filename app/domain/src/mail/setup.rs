//! How mail is set up, for administrators, and test mails to them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{outbox, template::EmailTemplate};
use crate::{
    Scope,
    platform::entity::{job, job_state::JobState, user},
    policy::{Action, Target, may},
};
use shared::{error::AppError, model::mail::MailSetup};

/// Returns how mail is set up, and why the last mail to the viewer was not sent.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless the viewer is an administrator.
pub async fn read(scope: &Scope) -> Result<MailSetup, AppError> {
    may(scope.actor().await?, Action::Administer, Target::Site)?;
    let viewer = scope.require_viewer().await?;
    let error: Option<Option<String>> = job::Entity::find()
        .select_only()
        .column(job::Column::LastError)
        .filter(job::Column::UserId.eq(viewer.id))
        .filter(job::Column::Kind.eq(outbox::KIND))
        .filter(job::Column::State.ne(JobState::Done))
        .order_by_desc(job::Column::Id)
        .limit(1)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let mailer = &scope.state.mailer;
    Ok(MailSetup {
        from: mailer.from().to_string(),
        server: mailer.server().map(str::to_owned),
        error: error.flatten(),
    })
}

/// Queues a test mail to the viewer.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless the viewer is an administrator, and [`AppError::Throttled`] after too many
/// requests.
pub async fn send_test(scope: &Scope) -> Result<(), AppError> {
    may(scope.actor().await?, Action::Administer, Target::Site)?;
    let viewer = scope.require_viewer().await?;
    let email: Option<String> = user::Entity::find_by_id(viewer.id)
        .select_only()
        .column(user::Column::Email)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let email = email.ok_or(AppError::SignInRequired)?;
    let limit = &scope.state.limits.confirmation;
    limit.check(&scope.state.db, viewer.id).await?;
    let template = EmailTemplate::Test;
    outbox::queue(scope, scope.state.db.writer(), &email, Some(viewer.id), &template).await?;
    scope.state.jobs.wake();
    Ok(())
}
