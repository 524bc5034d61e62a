//! The routes other than pages, by the kind of their responses, and the rendering of pages.

pub(crate) mod appearance;
pub(crate) mod assets;
pub(crate) mod feeds;
pub(crate) mod head;
pub(crate) mod health;
pub(crate) mod mail_links;
pub(crate) mod media;
pub(crate) mod pages;
pub(crate) mod post_source;
pub(crate) mod server_functions;
pub(crate) mod sitemap;
pub(crate) mod theme;
pub(crate) mod uploads;
pub(crate) mod well_known;
