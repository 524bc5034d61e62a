//! Access to the context of the request.

use domain::Ctx;
use leptos::prelude::use_context;
use shared::{error::AppError, model::account::Viewer};

/// Returns the context of the current request.
///
/// # Errors
///
/// Returns [`AppError::Internal`] outside a request.
pub(in crate::api) fn current() -> Result<Ctx, AppError> {
    use_context::<Ctx>().ok_or_else(|| {
        tracing::error!("a server function ran without a request");
        AppError::Internal
    })
}

/// Returns the context of the current request and the viewer.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
pub(in crate::api) async fn as_member() -> Result<(Ctx, Viewer), AppError> {
    let ctx = current()?;
    let viewer = ctx.require_viewer().await?;
    Ok((ctx, viewer))
}
