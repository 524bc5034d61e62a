//! The moderation pages.

/// Hiding a post.
pub(super) mod hide;
/// The moderation overview.
pub(super) mod overview;
/// Suspending a user.
pub(super) mod suspend;
