//! Accounts.

/// Confirm an address.
pub mod confirm_email;
/// Delete one's account.
pub mod delete;
/// What one is still writing.
pub mod drafts;
/// Make the first administrator.
pub mod first_administrator;
/// Ask for a link to choose a new password.
pub mod forgot_password;
/// Log in.
pub mod login;
/// What a new account is made of.
mod new_account;
/// Change one's password.
pub mod password;
/// Change one's picture.
pub mod picture;
/// A person's public page.
pub mod profile;
/// Make an account.
pub mod register;
/// Choose a new password.
pub mod reset_password;
/// Where one is signed in.
pub mod sessions;
/// Change one's profile.
pub mod settings;
/// What one has deleted.
pub mod trash;
