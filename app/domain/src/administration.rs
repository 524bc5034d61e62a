//! The changes that administrators make to the site.

/// The settings of the site.
pub mod settings;
/// The logo and the icon.
pub mod site_images;
