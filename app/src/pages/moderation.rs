//! What moderators look at and do.

/// Take a post off the site.
pub(super) mod hide;
/// What is hidden, who is suspended, and who has done what.
pub(super) mod overview;
/// Keep somebody from logging in.
pub(super) mod suspend;
