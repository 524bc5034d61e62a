//! The administration pages.

/// The list of invitations, and inviting somebody.
pub(super) mod invitations;
/// The start of the administration.
pub(super) mod overview;
