//! Posts.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};

use super::chunk::ChunkLoadError;
use crate::type_erasure::Erase;

/// Delete a post.
mod delete;
/// Throw a draft away.
pub(super) mod discard;
/// The editor.
mod editor;
/// Send a picture for a text.
mod image;
/// Write a post.
mod new;
/// Read a post.
pub mod read;
/// Change a post.
mod update;
/// The text that a page's address names.
mod wanted;

/// A page on which one writes or deletes. All of them are one part of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WritingPage {
    /// Write a post.
    New,
    /// Change a post.
    Update,
    /// Delete a post.
    Delete,
    /// Throw a draft away.
    Discard,
    /// Send a picture for a text.
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
