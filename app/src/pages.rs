//! One file per route.

/// What this site is.
mod about;
/// Accounts: register, log in, profile.
mod account;
/// Find the people who write.
mod explore;
/// Who may see a page.
mod guard;
/// The newest posts.
mod home;
/// One's own pages, and those of moderators.
mod member;
/// What moderators look at and do.
mod moderation;
/// Which page is at which address.
pub mod page;
/// Which page of a list is asked for.
mod page_number;
/// The parts of the client that pages are in.
pub mod part;
/// Posts: write and read.
mod post;
/// What is shown instead of a page.
pub mod problem;
/// The posts with a tag.
mod tag;
