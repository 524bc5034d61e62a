//! One file per route.

/// What this site is.
pub mod about;
/// Accounts: register, log in, profile.
pub mod account;
/// Find the people who write.
pub mod explore;
/// Who may see a page.
mod guard;
/// The newest posts.
pub mod home;
/// One's own pages, and those of moderators.
pub mod member;
/// What moderators look at and do.
mod moderation;
/// Which page of a list is asked for.
mod page_number;
/// The parts of the client that pages are in.
pub mod part;
/// Posts: write and read.
pub mod post;
/// What is shown instead of a page.
pub mod problem;
/// The posts with a tag.
pub mod tag;
