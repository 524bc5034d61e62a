//! Reports, cases, decisions and appeals.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::report::{AppealForm, DecideAppealForm, ReportForm, WarnForm},
    model::decision::{CasePage, DecisionCard, MonthOfModeration, ReportDocument, WaitingAppeal},
};

/// Returns what the form of a report shows: about a post, a comment, or the person called `user`.
///
/// # Errors
///
/// Returns the errors of reading it, and [`AppError::Forbidden`] if it belongs to the viewer.
#[server(prefix = "/_", endpoint = "report", input = GetUrl)]
pub async fn question(
    post: Option<i64>,
    comment: Option<i64>,
    user: Option<String>,
) -> Result<ReportDocument, AppError> {
    use super::server::request;
    use domain::moderation::reports;

    let scope = request::current()?;
    let form = ReportForm {
        post,
        comment,
        user: user.unwrap_or_default(),
        ..ReportForm::default()
    };
    reports::question(&scope, form.target()).await
}

/// Reports a post, a comment or a person, and redirects to the home page.
///
/// # Errors
///
/// Returns the errors of [`question`], [`AppError::Throttled`] after too many reports, and [`AppError::Invalid`] if the form is not
/// complete.
#[server(prefix = "", endpoint = "report")]
pub async fn report(#[server(flatten)] form: ReportForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation::reports;
    use shared::{forms::Form, paths};

    let scope = request::current()?;
    reports::report(&scope, form.validate()?).await?;
    http::redirect_with(Flash::ReportSent, paths::HOME);
    Ok(())
}

/// Returns the numbers of what moderators have done, newest month first.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
#[server(prefix = "/_", endpoint = "transparency", input = GetUrl)]
pub async fn transparency() -> Result<Vec<MonthOfModeration>, AppError> {
    use super::server::request;
    use domain::moderation;

    moderation::transparency(&request::current()?).await
}

/// Returns the page of a case.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for a member, and
/// [`AppError::NotFound`] if there is no such case.
#[server(prefix = "/_", endpoint = "case", input = GetUrl)]
pub async fn read_case(id: i64) -> Result<CasePage, AppError> {
    use super::server::request;
    use domain::moderation::cases;

    let (scope, viewer) = request::as_member().await?;
    cases::read(&scope, &viewer, id).await
}

/// Claims a case for 15 minutes.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for a member, and
/// [`AppError::Claimed`] if another moderator has claimed it.
#[server(prefix = "", endpoint = "moderation/cases/claim")]
pub async fn claim_case(case: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation::cases;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    cases::claim(&scope, &viewer, case).await?;
    http::redirect_with(Flash::CaseClaimed, &paths::case(case));
    Ok(())
}

/// Closes a case without an act.
///
/// # Errors
///
/// Returns the errors of [`claim_case`], and [`AppError::NotFound`] if there is no such case.
#[server(prefix = "", endpoint = "moderation/cases/close")]
pub async fn close_case(case: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation::cases;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    cases::close(&scope, &viewer, case).await?;
    http::redirect_with(Flash::CaseClosed, paths::MODERATION);
    Ok(())
}

/// Warns a user.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer outranks the user,
/// [`AppError::Invalid`] without a reason, and [`AppError::NotFound`] if there is no such user.
#[server(prefix = "", endpoint = "moderation/warn")]
pub async fn warn(#[server(flatten)] form: WarnForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    moderation::warn(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AccountWarned, paths::MODERATION);
    Ok(())
}

/// Returns the newest decisions about the viewer.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/_", endpoint = "decisions", input = GetUrl)]
pub async fn list_decisions() -> Result<Vec<DecisionCard>, AppError> {
    use super::server::request;
    use domain::decisions;

    let (scope, viewer) = request::as_member().await?;
    decisions::of_viewer(&scope, &viewer).await
}

/// Appeals against a decision about the viewer.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::NotFound`] if there is no such decision or it is too
/// old, and [`AppError::Conflict`] if the viewer has appealed already.
#[server(prefix = "", endpoint = "account/appeals")]
pub async fn appeal(#[server(flatten)] form: AppealForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::decisions;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    decisions::appeal(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AppealSent, paths::ACCOUNT_APPEALS);
    Ok(())
}

/// Returns the appeal against a decision, if it waits.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for a member, and
/// [`AppError::NotFound`] if no such appeal waits.
#[server(prefix = "/_", endpoint = "appeal", input = GetUrl)]
pub async fn read_appeal(decision: i64) -> Result<WaitingAppeal, AppError> {
    use super::server::request;
    use domain::moderation::appeals;

    let (scope, viewer) = request::as_member().await?;
    appeals::read(&scope, &viewer, decision).await
}

/// Decides about an appeal.
///
/// # Errors
///
/// Returns the errors of [`read_appeal`], [`AppError::Invalid`] without an answer, and [`AppError::OwnDecision`] if another moderator
/// has to decide.
#[server(prefix = "", endpoint = "moderation/appeals")]
pub async fn decide_appeal(#[server(flatten)] form: DecideAppealForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation::appeals;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    appeals::decide(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AppealDecided, paths::MODERATION);
    Ok(())
}
