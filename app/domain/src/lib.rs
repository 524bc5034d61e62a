//! The domain: what people can do here, and the database behind it.
//!
//! It knows no view, and no address except through [`shared::paths`]. A use-case takes the `Ctx` first and then who is
//! asking; whether they may is decided in it and nowhere else.

/// Register, and everything that belongs to an account.
pub mod account;
/// The log of what people with a role do.
pub mod act;
/// The picture beside a link to a post.
pub mod card;
/// What time it is.
pub mod clock;
/// A whole site, from one database into another.
pub mod copy;
/// What every use-case is given.
mod ctx;
/// Connections, pools and transactions.
pub mod db;
/// Content to try a site with.
pub mod demo;
/// Random values and what is kept of them.
pub mod digest;
/// What people are still writing.
pub mod draft;
/// The tables.
pub mod entity;
/// Values that must be unique.
mod error;
/// Faults of the program's own.
pub mod fault;
/// The address by which feeds name posts for ever.
pub mod first_origin;
/// Pictures in texts.
pub mod image;
/// Work that one process at a time does.
pub mod lease;
/// The mails that the site writes.
pub mod letter;
/// How often somebody may do something.
pub mod limit;
/// Lists that are read in pages.
pub mod list;
/// How a mail leaves.
pub mod mail;
/// A post's text as HTML.
pub mod markdown;
/// Pictures: made small, kept, and deleted.
pub mod media;
/// Look after what others write.
pub mod moderation;
/// Mail that is to be sent.
pub mod outbox;
/// Hashing passwords.
pub mod password;
/// A picture made anew.
mod picture;
/// Publish, change, list, read and delete posts.
pub mod post;
/// Where sessions are kept.
pub mod session;
/// Text as a part of an address.
pub mod slug;
/// What the whole program shares.
mod state;
/// The lists of tags.
pub mod tag;
/// Secrets that are handed out.
pub mod token;
/// What a site is made of, to be carried elsewhere.
pub mod transfer;
/// What a request tells of who sends it.
mod visitor;
/// Threads for heavy work.
mod workers;
/// Find the people who write.
pub mod writer;

pub use ctx::Ctx;
pub use state::{AppState, RegistrationMode, SiteSettings};
pub use visitor::{Keepsake, Visitor};
