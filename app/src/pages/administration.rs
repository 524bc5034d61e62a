//! The administration pages.

/// The start of the administration.
pub(super) mod overview;
