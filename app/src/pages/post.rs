//! Posts and the editor.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};

use super::chunk::ChunkLoadError;
use crate::type_erasure::Erase;

/// Deleting a post.
mod delete;
/// Discarding a draft.
pub(super) mod discard;
/// The editor.
mod editor;
/// Uploading an inline image without JavaScript.
mod image;
/// Writing a new post.
mod new;
/// Reading a post.
pub mod read;
/// Updating a post.
mod update;
/// Loading the text in the URL.
mod wanted;

/// A page of the editor's chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WritingPage {
    /// Writing a new post.
    New,
    /// Updating a post.
    Update,
    /// Deleting a post.
    Delete,
    /// Discarding a draft.
    Discard,
    /// Uploading an inline image.
    Image,
}

#[wasm_split(writing, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
pub(super) fn writing(page: WritingPage) -> Result<AnyView, ChunkLoadError> {
    Ok(match page {
        WritingPage::New => view! { <new::NewPostPage /> }.erased(),
        WritingPage::Update => view! { <update::UpdatePostPage /> }.erased(),
        WritingPage::Delete => view! { <delete::DeletePostPage /> }.erased(),
        WritingPage::Discard => view! { <discard::DiscardDraftPage /> }.erased(),
        WritingPage::Image => view! { <image::NewImagePage /> }.erased(),
    })
}
