//! Plain data that both sides share. Unlike entities, these types are sent to the browser.

/// Users.
pub mod account;
/// Feeds.
pub mod feed;
/// The initials shown for users without an avatar.
pub mod initials;
/// Invitations.
pub mod invitation;
/// How mail is set up.
pub mod mail;
/// Images.
pub mod media;
/// Moderation.
pub mod moderation;
/// Pagination.
pub mod page;
/// Positions in lists.
pub mod position;
/// Posts.
pub mod post;
/// Tags.
pub mod tag;
