//! Login, registration, profiles and account settings.

/// The chunk with the pages for anonymous visitors.
pub mod auth_page;
/// Confirming an address.
mod confirm_email;
/// Deleting the account.
pub(super) mod delete;
/// The list of drafts.
pub(super) mod drafts;
/// Creating the first administrator.
mod first_administrator;
/// Requesting a password reset.
mod forgot_password;
/// Logging in.
mod login;
/// The fields of registration forms.
mod new_account;
/// Changing the password.
pub(super) mod password;
/// Changing the avatar.
pub(super) mod picture;
/// The profile of a user.
pub mod profile;
/// Registering.
mod register;
/// Resetting the password.
mod reset_password;
/// The list of sessions.
pub(super) mod sessions;
/// Changing the profile.
pub(super) mod settings;
/// The trash.
pub(super) mod trash;
