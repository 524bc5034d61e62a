//! Posts.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::ChooseView;

use super::part::{self, Absent};

/// Delete a post.
mod delete;
/// Throw a draft away.
mod discard;
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
#[derive(Debug, Clone, Copy)]
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

impl ChooseView for WritingPage {
    async fn choose(self) -> AnyView {
        part::shown(writing(self)).await
    }

    async fn preload(&self) {
        part::awaited(load()).await;
    }
}

#[wasm_split(writing, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
pub(super) fn writing(page: WritingPage) -> Result<AnyView, Absent> {
    Ok(match page {
        WritingPage::New => view! { <new::NewPostPage /> }.into_any(),
        WritingPage::Update => view! { <update::UpdatePostPage /> }.into_any(),
        WritingPage::Delete => view! { <delete::DeletePostPage /> }.into_any(),
        WritingPage::Discard => view! { <discard::DiscardDraftPage /> }.into_any(),
        WritingPage::Image => view! { <image::NewImagePage /> }.into_any(),
    })
}
