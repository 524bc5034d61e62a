//! The settings of the site in views.

use std::sync::Arc;

use leptos::prelude::*;

use crate::http;
use shared::model::site::SiteIdentity;

/// The name of the element in the document's head from which the client reads the settings.
pub const META: &str = "site";

/// Provides the settings to the components below: on the server those of the request, in the browser those of the
/// document.
pub fn provide_site() {
    provide_context(http::site().unwrap_or_default());
}

/// Returns the settings of the site.
#[must_use]
pub fn use_site() -> Arc<SiteIdentity> {
    use_context().unwrap_or_default()
}
