//! Plain data that both sides share. Entities never leave the backend; these types do.

/// People.
pub mod account;
/// Feeds.
pub mod feed;
/// What is drawn for somebody without a picture.
pub mod initials;
/// Pictures.
pub mod media;
/// What moderators do.
pub mod moderation;
/// Lists in pages.
pub mod page;
/// Posts.
pub mod post;
/// Tags.
pub mod tag;
