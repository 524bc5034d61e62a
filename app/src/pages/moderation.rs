//! The moderation pages.

/// Deciding about an appeal.
pub(super) mod appeal;
/// A case.
pub(super) mod case;
/// Erasing an earlier version of a post of another user.
pub(super) mod erase;
/// Freezing an account.
pub(super) mod freeze;
/// Hiding a post.
pub(super) mod hide;
/// The moderation overview.
pub(super) mod overview;
/// Loading the person in the URL whose account a moderator is to decide about.
mod person;
/// Suspending a user.
pub(super) mod suspend;
/// Warning a user.
pub(super) mod warn;
