//! The paths of accounts: of links in mails, of logging in and of setting up a site.

use super::{
    ADMIN, CONFIRM, CONFIRM_EMAIL, FIRST_ADMINISTRATOR, FREEZE, INVITE, LOGIN, RESET_PASSWORD, SEGMENT,
    SETUP, SUSPEND,
};
use crate::forms::setup::SetupStep;
use percent_encoding::utf8_percent_encode;

/// Returns the path of a link to reset a password.
#[must_use]
pub fn reset_link(token: &str) -> String {
    format!("{RESET_PASSWORD}/{token}")
}

/// Returns the path of the link to create the first administrator.
#[must_use]
pub fn first_administrator_link(token: &str) -> String {
    format!("{FIRST_ADMINISTRATOR}/{token}")
}

/// Returns the path of the link of an invitation.
#[must_use]
pub fn invite_link(token: &str) -> String {
    format!("{INVITE}/{token}")
}

/// Returns the path of a link to confirm an address.
#[must_use]
pub fn confirm_link(token: &str) -> String {
    format!("{CONFIRM_EMAIL}/{token}")
}

/// Returns the path of the login page that redirects to `next`.
#[must_use]
pub fn login_then(next: &str) -> String {
    format!("{LOGIN}?next={}", utf8_percent_encode(next, SEGMENT))
}

/// Returns the path of the page to enter the password again that redirects to `next`.
#[must_use]
pub fn confirm_then(next: &str) -> String {
    format!("{CONFIRM}?next={}", utf8_percent_encode(next, SEGMENT))
}

/// Returns the path of a step in which a new site is set up.
#[must_use]
pub fn setup(step: SetupStep) -> String {
    format!("{SETUP}?step={}", step.name())
}

/// Returns the path of the page after a step in which a new site is set up.
#[must_use]
pub fn setup_after(step: SetupStep) -> String {
    step.next().map_or_else(|| ADMIN.to_owned(), setup)
}

/// Returns the path of the login page with `username` filled in that redirects to `next`.
#[must_use]
pub fn login_as_then(username: &str, next: &str) -> String {
    format!(
        "{}&next={}",
        login_as(username),
        utf8_percent_encode(next, SEGMENT)
    )
}

/// Returns the path of the login page with `username` filled in.
#[must_use]
pub fn login_as(username: &str) -> String {
    format!("{LOGIN}?name={}", utf8_percent_encode(username, SEGMENT))
}

/// Returns the path of the page to freeze the account of a user.
#[must_use]
pub fn freeze(username: &str) -> String {
    format!("{FREEZE}?user={}", utf8_percent_encode(username, SEGMENT))
}

/// Returns the path of the page to suspend a user.
#[must_use]
pub fn suspend(username: &str) -> String {
    format!("{SUSPEND}?user={}", utf8_percent_encode(username, SEGMENT))
}
