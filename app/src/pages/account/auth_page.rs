//! The way in, for whoever is not logged in.
#![expect(
    clippy::unnecessary_wraps,
    reason = "what is in a part of the client may be absent"
)]

use leptos::{prelude::*, wasm_split::wasm_split};

use super::{
    confirm_email::ConfirmEmailPage, first_administrator::FirstAdministratorPage,
    forgot_password::ForgotPasswordPage, login::LoginPage, register::RegisterPage,
    reset_password::ResetPasswordPage,
};
use crate::{pages::chunk::ChunkLoadError, type_erasure::Erase};

/// A page on the way in. All of them are one part of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthPage {
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
    /// Set up the first administrator.
    FirstAdministrator,
}

#[wasm_split(entry, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
pub(in crate::pages) fn entry(page: AuthPage) -> Result<AnyView, ChunkLoadError> {
    Ok(match page {
        AuthPage::Register => view! { <RegisterPage /> }.erased(),
        AuthPage::Login => view! { <LoginPage /> }.erased(),
        AuthPage::ForgotPassword => view! { <ForgotPasswordPage /> }.erased(),
        AuthPage::ResetPassword => view! { <ResetPasswordPage /> }.erased(),
        AuthPage::ConfirmEmail => view! { <ConfirmEmailPage /> }.erased(),
        AuthPage::FirstAdministrator => view! { <FirstAdministratorPage /> }.erased(),
    })
}
