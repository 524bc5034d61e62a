//! Posts.

/// Delete a post.
pub mod delete;
/// The editor.
mod editor;
/// Write a post.
pub mod new;
/// Read a post.
pub mod read;
/// Change a post.
pub mod update;
