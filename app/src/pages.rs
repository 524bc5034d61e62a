//! The pages, one file per route.

/// The page about the site.
mod about;
/// Login, registration, profiles and account settings.
mod account;
/// The administration pages.
mod administration;
/// The chunks of the client.
pub mod chunk;
/// Comments.
mod comments;
/// The error page.
pub mod error_page;
/// The list of authors and the search for users.
mod explore;
/// Access restrictions of pages.
mod guard;
/// The home page.
mod home;
/// Pages that show data.
mod loaded;
/// The moderation pages.
mod moderation;
/// The page number of a list.
mod page_number;
/// Posts and the editor.
mod post;
/// The parameters of the query in the URL.
mod query;
/// The list of redirects.
mod redirects;
/// Reporting a post, a comment or a person.
mod report;
/// The routes.
pub mod route;
/// Static pages.
mod static_pages;
/// The posts with a tag.
mod tag;
/// The numbers of what moderators have done.
mod transparency;
