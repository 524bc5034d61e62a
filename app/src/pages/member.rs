//! One's own pages, and those of moderators.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::ChooseView;

use super::{
    account::{
        delete::DeleteAccountPage, drafts::DraftsPage, password::PasswordPage, picture::PicturePage,
        sessions::SessionsPage, settings::SettingsPage, trash::TrashPage,
    },
    moderation::{hide::HidePostPage, overview::OverviewPage, suspend::SuspendPage},
    part::{self, Absent},
};

/// A page about one's own account, or for moderators. All of them are one part of the client.
#[derive(Debug, Clone, Copy)]
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

impl ChooseView for MemberPage {
    async fn choose(self) -> AnyView {
        part::shown(member(self)).await
    }

    async fn preload(&self) {
        part::awaited(load()).await;
    }
}

#[wasm_split(member, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
pub(super) fn member(page: MemberPage) -> Result<AnyView, Absent> {
    Ok(match page {
        MemberPage::Settings => view! { <SettingsPage /> }.into_any(),
        MemberPage::Picture => view! { <PicturePage /> }.into_any(),
        MemberPage::Password => view! { <PasswordPage /> }.into_any(),
        MemberPage::Sessions => view! { <SessionsPage /> }.into_any(),
        MemberPage::Drafts => view! { <DraftsPage /> }.into_any(),
        MemberPage::Trash => view! { <TrashPage /> }.into_any(),
        MemberPage::Delete => view! { <DeleteAccountPage /> }.into_any(),
        MemberPage::Moderation => view! { <OverviewPage /> }.into_any(),
        MemberPage::HidePost => view! { <HidePostPage /> }.into_any(),
        MemberPage::Suspend => view! { <SuspendPage /> }.into_any(),
    })
}
