//! The administration pages.

/// The navigation bar and the links in the footer.
pub(super) mod navigation;
/// The start of the administration.
pub(super) mod overview;
/// The settings of the site.
pub(super) mod settings;
/// The values of settings in forms.
mod values;
