//! The routes beside pages, by what they answer with, and how pages are rendered.

/// Files for the browser.
pub(crate) mod assets;
/// Feeds of posts.
pub(crate) mod feeds;
/// Metadata in the head of a page.
pub(crate) mod head;
/// Whether the program is alive and ready.
pub(crate) mod health;
/// Where the links in mails lead.
pub(crate) mod mail_links;
/// People's pictures.
pub(crate) mod media;
/// Pages, rendered on the server.
pub(crate) mod pages;
/// Calls from pages and plain forms to server functions.
pub(crate) mod server_functions;
/// Every public address, for crawlers.
pub(crate) mod sitemap;
/// How pages are to look.
pub(crate) mod theme;
/// Files that people send.
pub(crate) mod uploads;
/// Small files at fixed addresses.
pub(crate) mod well_known;
