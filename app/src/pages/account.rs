//! Login, registration, profiles and account settings.

/// The decisions about the user, and appeals against them.
pub(super) mod appeals;
/// Entering the password again.
pub(super) mod confirm;
/// Confirming an address.
pub(super) mod confirm_email;
/// Deleting the account.
pub(super) mod delete;
/// The list of drafts.
pub(super) mod drafts;
/// Creating the first administrator.
pub(super) mod first_administrator;
/// Requesting a password reset.
pub(super) mod forgot_password;
/// Registering with an invitation.
pub(super) mod invite;
/// Logging in.
pub(super) mod login;
/// The fields of registration forms.
mod new_account;
/// Changing the password.
pub(super) mod password;
/// Changing the avatar.
pub(super) mod picture;
/// The profile of a user.
pub(super) mod profile;
/// Registering.
pub(super) mod register;
/// Resetting the password.
pub(super) mod reset_password;
/// The list of sessions.
pub(super) mod sessions;
/// Changing the profile.
pub(super) mod settings;
/// The trash.
pub(super) mod trash;
/// The posts of the user that are not in lists.
pub(super) mod unlisted;
