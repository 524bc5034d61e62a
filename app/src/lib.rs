//! The pages of Broadsheet.
//!
//! They are compiled for the browser as well, except the bodies of the server functions, which call the domain.
//! Modules depend downwards only: `pages → components, api → domain → shared`.
// The type of a view contains those of all views in it, and optimised builds look deeper into it than others.
#![recursion_limit = "256"]

/// Server functions, by which pages call the domain.
pub mod api;
/// The HTML document and the layout of all pages.
pub mod app;
/// Components of pages.
pub mod components;
/// The custom CSS.
mod custom_css;
/// Flash messages.
pub mod flash;
/// The effects of pages on the HTTP response.
pub mod http;
/// The metadata of pages.
pub mod metadata;
/// The static pages that are linked on every page.
pub mod page_links;
/// The pages, one file per route.
pub mod pages;
/// Data loaded by pages.
pub mod resource;
/// The inline script of every page, which also runs without the client.
pub mod scripts;
/// Scroll restoration.
mod scroll;
/// The settings of the site in views.
pub mod site;
/// The theme.
pub mod theme;
/// Type-erased views.
pub mod type_erasure;
/// The viewer in the user interface.
pub mod viewer;
