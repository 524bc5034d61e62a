//! The domain: what people can do here, and the database behind it.
//!
//! It knows no view, and no address except through [`crate::paths`]. A use-case takes the [`Ctx`] first and then who is
//! asking; whether they may is decided in it and nowhere else.

/// Register, log in, log out; who somebody is.
pub mod account;
/// What time it is.
pub mod clock;
/// What every use-case is given.
mod ctx;
/// Connections, pools and transactions.
pub mod db;
/// The tables.
pub mod entity;
/// What the database's errors mean to a visitor.
mod error;
/// A post's text as HTML.
pub mod markdown;
/// Hashing passwords.
pub mod password;
/// Publish, list and read posts.
pub mod post;
/// Where sessions are kept.
pub mod session;
/// What the whole program shares.
mod state;

pub use ctx::Ctx;
pub use state::{AppState, SiteSettings};
