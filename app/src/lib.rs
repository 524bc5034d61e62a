//! Broadsheet's pages.
//!
//! They ship to the browser, and the bodies of their server functions do not: these call the domain. Modules depend downwards
//! only: `pages → components, api → domain → shared`.

/// Server functions: the calls from a page to the domain.
pub mod api;
/// The HTML document, and the layout that all pages share.
pub mod app;
/// Parts that pages are made of.
pub mod components;
/// Messages that the next page shows once.
pub mod flash;
/// What a page may tell the HTTP answer that carries it.
pub mod http;
/// What a page tells machines.
pub mod metadata;
/// One file per route.
pub mod pages;
/// Data that a page waits for.
pub mod resource;
/// What a page does in the browser before its client has come, or without it.
pub mod scripts;
/// Where a page was left, for whoever goes back to it.
mod scroll;
/// Light or dark.
pub mod theme;
/// Views whose type is forgotten.
pub mod type_erasure;
/// The signed-in visitor, as the interface knows them.
pub mod viewer;
