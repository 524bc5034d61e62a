//! The domain: what people can do here, and the database behind it.
//!
//! It knows no view, and no address except through [`shared::paths`]. A use-case takes the `Ctx` first and then who is
//! asking; whether they may is decided in it and nowhere else.

/// Register, and everything that belongs to an account.
pub mod accounts;
/// A whole site, or all of one person, on its way elsewhere and back.
pub mod data;
/// The mails that the site writes, and how they leave.
pub mod mail;
/// Pictures: made small, kept, and deleted.
pub mod media;
/// Look after what others write.
pub mod moderation;
/// The database, the clock, limits, and work that several servers share: what all use-cases stand on.
pub mod platform;
/// Publish, change, list, read and delete posts.
pub mod posts;

/// What a request tells of who sends it.
mod client_info;
/// What every use-case is given.
mod ctx;
/// What the whole program shares.
mod state;

pub use client_info::{ClientCookie, ClientInfo};
pub use ctx::Ctx;
pub use state::{AppState, RegistrationMode, SiteSettings};
