//! Plain data that both sides share. Entities never leave the backend; these types do.

/// People.
pub mod account;
/// Pictures.
pub mod media;
/// Lists in pages.
pub mod page;
/// Posts.
pub mod post;
