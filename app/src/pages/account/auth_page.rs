//! The chunk with the pages for anonymous visitors.
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

/// A page of this chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthPage {
    /// Registering.
    Register,
    /// Logging in.
    Login,
    /// Requesting a password reset.
    ForgotPassword,
    /// Resetting the password.
    ResetPassword,
    /// Confirming an address.
    ConfirmEmail,
    /// Creating the first administrator.
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
