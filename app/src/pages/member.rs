//! One's own pages, and those of moderators.
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

/// A page about one's own account, or for moderators. All of them are one part of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberPage {
    /// Change one's profile.
    Settings,
    /// Change one's picture.
    Picture,
    /// Change one's password.
    Password,
    /// Where one is signed in.
    Sessions,
    /// What one is still writing.
    Drafts,
    /// What one has deleted.
    Trash,
    /// Delete one's account.
    Delete,
    /// What is hidden, who is suspended, and who has done what.
    Moderation,
    /// Take a post off the site.
    HidePost,
    /// Keep somebody from logging in.
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
