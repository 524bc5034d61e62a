//! The administration pages.

/// The accent colour and the custom CSS.
pub(super) mod appearance;
/// The list of invitations, and inviting somebody.
pub(super) mod invitations;
/// The navigation bar and the links in the footer.
pub(super) mod navigation;
/// The start of the administration.
pub(super) mod overview;
/// The settings of the site.
pub(super) mod settings;
/// Setting up a new site.
pub(super) mod setup;
/// The logo and the icon.
pub(super) mod site_image;
/// The values of settings in forms.
mod values;
