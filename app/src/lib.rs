//! Broadsheet's pages and everything behind them.
//!
//! Everything outside [`backend`] ships to the browser; nothing inside it does. Modules depend downwards only:
//! `pages → components, api → backend → model, forms`.

/// Server functions: the calls from a page to the domain.
pub mod api;
/// The HTML document, and the layout that all pages share.
pub mod app;
/// The domain: use-cases, database, passwords, sessions.
#[cfg(feature = "ssr")]
pub mod backend;
/// Parts that pages are made of.
pub mod components;
/// Views whose type is forgotten.
pub mod erased;
/// What can go wrong for a visitor, with its wording and its HTTP status.
pub mod error;
/// Messages that the next page shows once.
pub mod flash;
/// Forms: their fields, limits and wording, validated by the same code on both sides.
pub mod forms;
/// What a page may tell the HTTP answer that carries it.
pub mod http;
/// Data that a page waits for.
pub mod loaded;
/// What a page tells machines.
pub mod metadata;
/// Plain data that both sides share.
pub mod model;
/// One file per route.
pub mod pages;
/// Every address of the site.
pub mod paths;
/// What a page does in the browser before its client has come, or without it.
pub mod scripts;
/// Where a page was left, for whoever goes back to it.
mod scroll;
/// Light or dark.
pub mod theme;
/// The signed-in visitor, as the interface knows them.
pub mod viewer;
