//! Setting up a new site.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{error::AppError, forms::setup::SetupForm, model::mail::MailSetup};

/// Changes the settings of a step and redirects to the next one.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer is an
/// administrator, and [`AppError::Invalid`] if a value is not valid or was changed by somebody else in the meantime.
#[server(prefix = "", endpoint = "admin/setup")]
pub async fn set_up(#[server(flatten)] form: SetupForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::http;
    use domain::administration::settings;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    settings::change(&scope, &viewer, form.validate()?).await?;
    http::redirect(&paths::setup_after(form.step()));
    Ok(())
}

/// Returns how mail is set up.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::RoleRequired`] unless the viewer is an
/// administrator.
#[server(prefix = "/_", endpoint = "admin/setup", input = GetUrl)]
pub async fn read_mail_setup() -> Result<MailSetup, AppError> {
    use super::server::request;
    use domain::mail::setup;

    let (scope, _) = request::as_member().await?;
    setup::read(&scope).await
}

/// Sends a test mail to the viewer and redirects to the step about mail.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer is an
/// administrator, and [`AppError::Throttled`] after too many requests.
#[server(prefix = "", endpoint = "admin/setup/mail")]
pub async fn send_test_mail() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::mail::setup;
    use shared::{forms::setup::SetupStep, paths};

    let (scope, _) = request::as_member().await?;
    setup::send_test(&scope).await?;
    http::redirect_with(Flash::TestMailSent, &paths::setup(SetupStep::Mail));
    Ok(())
}
