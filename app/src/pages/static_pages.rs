//! Static pages.

/// Deleting a static page.
pub(super) mod delete;
/// The editor.
pub(super) mod editor;
/// The list of the administrators.
pub(super) mod overview;
/// Reading a static page.
pub(super) mod read;
