//! The domain: the use-cases of the site and the database behind them.
//!
//! It depends on no view, and on no URL except through [`shared::paths`]. A use-case takes the `Scope` first and then
//! the viewer; permissions are checked in the use-case and nowhere else.

/// Accounts: registration, profiles, sessions and everything else that belongs to a user.
pub mod accounts;
/// The changes that administrators make to the site.
pub mod administration;
/// The audit log.
pub mod audit_log;
/// Comments on posts.
pub mod comments;
/// Database copies, demo content, exports and imports.
pub mod data;
/// Decisions of moderators, and appeals against them.
pub mod decisions;
/// The queue of jobs, which are done in the background.
pub mod jobs;
/// Email: templates, the outbox and delivery.
pub mod mail;
/// Rendering of Markdown, and slugs.
pub mod markdown;
/// Images: processing, storage and delivery.
pub mod media;
/// Moderation.
pub mod moderation;
/// The foundation of all use-cases: the database, the clock, rate limits, leases and outgoing requests.
pub mod platform;
/// The permissions: who may do what to whom.
pub mod policy;
/// Posts, drafts, tags and feeds.
pub mod posts;
/// The cached reads.
mod reads;
/// Redirects from old addresses.
pub mod redirects;
/// The site itself: what administrators change while it runs.
pub mod site;
/// Static pages.
pub mod static_pages;
/// Trust in accounts, and the texts that wait for a moderator.
pub mod trust;

/// Information about the client of a request.
mod client_info;
/// The scope of a call: who acts and by what.
mod scope;
/// The URL of the site.
mod site_url;
/// The application state.
mod state;

pub use client_info::{ClientCookie, ClientInfo};
pub use reads::Reads;
pub use scope::Scope;
pub use site_url::SiteUrl;
pub use state::{AppState, SiteSettings};
