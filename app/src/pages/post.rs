//! Posts and the editor.

/// Deleting a post.
pub(super) mod delete;
/// Discarding a draft.
pub(super) mod discard;
/// The editor.
pub(super) mod editor;
/// The history of a post.
pub(super) mod history;
/// Uploading an inline image without JavaScript.
pub(super) mod image;
/// Writing a new post.
pub(super) mod new;
/// Reading a draft with a link.
pub(super) mod preview;
/// The links with which others can read a draft.
pub(super) mod preview_links;
/// Reading a post.
pub(super) mod read;
/// Updating a post.
pub(super) mod update;
/// Loading the text in the URL.
mod wanted;
