//! One file per route.

/// What this site is.
mod about;
/// Accounts: register, log in, profile.
mod account;
/// The parts of the client that pages are in.
pub mod chunk;
/// What is shown instead of a page.
pub mod error_page;
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
/// Which page of a list is asked for.
mod page_number;
/// Posts: write and read.
mod post;
/// Which page is at which address.
pub mod route;
/// The posts with a tag.
mod tag;
