//! Access to the scope of the request.

use domain::Scope;
use leptos::prelude::use_context;
use shared::{error::AppError, model::account::Viewer};

/// Returns the scope of the current request.
///
/// # Errors
///
/// Returns [`AppError::Internal`] outside a request.
pub(in crate::api) fn current() -> Result<Scope, AppError> {
    use_context::<Scope>().ok_or_else(|| {
        tracing::error!("a server function ran without a request");
        AppError::Internal
    })
}

/// Returns the scope of the current request and the viewer.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
pub(in crate::api) async fn as_member() -> Result<(Scope, Viewer), AppError> {
    let scope = current()?;
    let viewer = scope.require_viewer().await?;
    Ok((scope, viewer))
}
