//! The chunk with the account and moderation pages.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};

use super::{
    account::{
        delete::DeleteAccountPage, drafts::DraftsPage, password::PasswordPage, picture::PicturePage,
        sessions::SessionsPage, settings::SettingsPage, trash::TrashPage,
    },
    chunk::ChunkLoadError,
    moderation::{hide::HidePostPage, overview::OverviewPage, suspend::SuspendPage},
};
use crate::type_erasure::Erase;

/// A page of this chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberPage {
    /// Changing the profile.
    Settings,
    /// Changing the avatar.
    Picture,
    /// Changing the password.
    Password,
    /// The list of sessions.
    Sessions,
    /// The list of drafts.
    Drafts,
    /// The trash.
    Trash,
    /// Deleting the account.
    Delete,
    /// The moderation overview.
    Moderation,
    /// Hiding a post.
    HidePost,
    /// Suspending a user.
    Suspend,
}

#[wasm_split(member, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
pub(super) fn member(page: MemberPage) -> Result<AnyView, ChunkLoadError> {
    Ok(match page {
        MemberPage::Settings => view! { <SettingsPage /> }.erased(),
        MemberPage::Picture => view! { <PicturePage /> }.erased(),
        MemberPage::Password => view! { <PasswordPage /> }.erased(),
        MemberPage::Sessions => view! { <SessionsPage /> }.erased(),
        MemberPage::Drafts => view! { <DraftsPage /> }.erased(),
        MemberPage::Trash => view! { <TrashPage /> }.erased(),
        MemberPage::Delete => view! { <DeleteAccountPage /> }.erased(),
        MemberPage::Moderation => view! { <OverviewPage /> }.erased(),
        MemberPage::HidePost => view! { <HidePostPage /> }.erased(),
        MemberPage::Suspend => view! { <SuspendPage /> }.erased(),
    })
}
