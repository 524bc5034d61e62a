//! Posts.

/// Delete a post.
pub mod delete;
/// Throw a draft away.
pub mod discard;
/// The editor.
mod editor;
/// Send a picture for a text.
pub mod image;
/// Write a post.
pub mod new;
/// Read a post.
pub mod read;
/// Change a post.
pub mod update;
/// The text that a page's address names.
mod wanted;
