//! Server functions: each identifies the viewer, validates the input, calls one use-case and redirects.
//!
//! Every server function is a public endpoint, so permissions are checked in the use-case. Functions that change
//! something are posted to the path of the page with their form, which therefore works without JavaScript; functions
//! that only read are below `/_/`. Every endpoint is named explicitly: the default name contains a hash of the build
//! directory, which may differ between client and server.

/// Registration, login, logout and profiles.
pub mod account;
/// The list of authors and the search for users.
pub mod author;
/// Comments.
pub mod comment;
/// The history of posts.
pub mod history;
/// Invitations.
pub mod invitation;
/// Moderation.
pub mod moderation;
/// Posts, drafts and tags.
pub mod post;
/// Links with which others can read a draft.
pub mod preview_link;
/// Links from mails.
pub mod recovery;
/// Redirects from old addresses.
pub mod redirect;
/// Reports, cases, decisions and appeals.
pub mod report;
/// The parts that exist on the server alone.
#[cfg(feature = "ssr")]
pub mod server;
/// Account settings.
pub mod settings;
/// Setting up a new site.
pub mod setup;
/// The settings of the site.
pub mod site;
/// Static pages.
pub mod static_page;
