//! The way in, for whoever is not logged in.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::ChooseView;

use super::{
    confirm_email::ConfirmEmailPage, first_administrator::FirstAdministratorPage,
    forgot_password::ForgotPasswordPage, login::LoginPage, register::RegisterPage,
    reset_password::ResetPasswordPage,
};
use crate::pages::part::{self, Absent};

/// A page on the way in. All of them are one part of the client.
#[derive(Debug, Clone, Copy)]
pub enum EntryPage {
    /// Make an account.
    Register,
    /// Log in.
    Login,
    /// Ask for a link to choose a new password.
    ForgotPassword,
    /// Choose a new password.
    ResetPassword,
    /// Confirm an address.
    ConfirmEmail,
    /// Make the first administrator.
    FirstAdministrator,
}

impl ChooseView for EntryPage {
    async fn choose(self) -> AnyView {
        part::shown(entry(self)).await
    }

    async fn preload(&self) {
        part::awaited(load()).await;
    }
}

#[wasm_split(entry, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
pub(in crate::pages) fn entry(page: EntryPage) -> Result<AnyView, Absent> {
    Ok(match page {
        EntryPage::Register => view! { <RegisterPage /> }.into_any(),
        EntryPage::Login => view! { <LoginPage /> }.into_any(),
        EntryPage::ForgotPassword => view! { <ForgotPasswordPage /> }.into_any(),
        EntryPage::ResetPassword => view! { <ResetPasswordPage /> }.into_any(),
        EntryPage::ConfirmEmail => view! { <ConfirmEmailPage /> }.into_any(),
        EntryPage::FirstAdministrator => view! { <FirstAdministratorPage /> }.into_any(),
    })
}
