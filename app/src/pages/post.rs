//! Posts.

/// Write a post.
pub mod new;
/// Read a post.
pub mod read;
