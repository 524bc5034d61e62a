//! Server functions: who, validate, one use-case, where to next.
//!
//! Each is a public endpoint, so whether somebody may is decided in the use-case. What changes something posts to the
//! page that shows its form, which therefore works without JavaScript; what only reads is under `/api`. Every endpoint
//! is named: the default name holds a hash of the build's folder, and client and server may be built in different ones.

/// Register, log in, log out; who is looking.
pub mod account;
/// Look after what others write.
pub mod moderation;
/// Publish, list and read posts.
pub mod post;
/// Links from mails.
pub mod recovery;
/// The request that a server function answers.
#[cfg(feature = "ssr")]
mod request;
/// One's own account.
pub mod settings;
/// Takes a text that somebody has sent.
#[cfg(feature = "ssr")]
mod submit;
/// Find the people who write.
pub mod writer;
