//! Accounts.

/// The way in, for whoever is not logged in.
pub mod auth_page;
/// Confirm an address.
mod confirm_email;
/// Delete one's account.
pub(super) mod delete;
/// What one is still writing.
pub(super) mod drafts;
/// Set up the first administrator.
mod first_administrator;
/// Ask for a link to choose a new password.
mod forgot_password;
/// Log in.
mod login;
/// What a new account is made of.
mod new_account;
/// Change one's password.
pub(super) mod password;
/// Change one's picture.
pub(super) mod picture;
/// A person's public page.
pub mod profile;
/// Make an account.
mod register;
/// Choose a new password.
mod reset_password;
/// Where one is signed in.
pub(super) mod sessions;
/// Change one's profile.
pub(super) mod settings;
/// What one has deleted.
pub(super) mod trash;
