//! The request that a server function answers.

use domain::Ctx;
use leptos::prelude::use_context;
use shared::{error::AppError, model::account::Viewer};

/// Returns the request that is being answered.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub(super) fn current() -> Result<Ctx, AppError> {
    use_context::<Ctx>().ok_or_else(|| {
        tracing::error!("a server function ran without a request");
        AppError::Internal
    })
}

/// Returns the request that is being answered, and who sends it.
///
/// # Errors
/// [`AppError::SignInRequired`] for somebody who is not logged in.
pub(super) async fn as_member() -> Result<(Ctx, Viewer), AppError> {
    let ctx = current()?;
    let viewer = ctx.require_viewer().await?;
    Ok((ctx, viewer))
}
