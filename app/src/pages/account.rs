//! Accounts.

/// Log in.
pub mod login;
/// A person's public page.
pub mod profile;
/// Make an account.
pub mod register;
