//! What can go wrong, from the visitor's side.
//!
//! `AppError` is the only error that leaves a server function. It is closed, and it carries no free text: what broke
//! inside is logged where it broke and reaches the visitor as `AppError::Internal`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::forms::FieldErrors;

/// The kinds of failures of a database.
#[cfg(feature = "server")]
mod failure;
/// The errors of the database.
#[cfg(feature = "server")]
mod server;
/// The errors of server functions.
#[cfg(feature = "server-fn")]
mod server_function;

#[cfg(feature = "server")]
pub use {failure::Failure, server::log};

/// When a site that is busy is asked again, in seconds.
const SOON: u32 = 5;

/// What the visitor can do about a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Mend these fields.
    Invalid(FieldErrors),
    /// Check name and password; which of them was wrong is not said.
    BadCredentials,
    /// Log in first.
    SignInRequired,
    /// Log in as the one who has begun this.
    OtherAccount,
    /// Nothing: this belongs to somebody else.
    Forbidden,
    /// Ask somebody with another role: this takes one that the visitor does not have.
    RoleRequired,
    /// Look elsewhere.
    NotFound,
    /// Look at a page that there is: the list has only so many.
    NoSuchPage(u64),
    /// Use the page's own form.
    MethodNotAllowed,
    /// Look at what somebody else, or another window, has saved meanwhile.
    Conflict,
    /// Look elsewhere: this was here, and has been deleted.
    Gone,
    /// Look elsewhere: this was here, and a moderator has taken it off the site.
    Removed,
    /// Ask whoever runs the site: a moderator has taken this post off it.
    Hidden,
    /// Object, if it is wrong: a moderator has suspended this account, for the reason in their own words.
    Suspended(String),
    /// Send what the form sends.
    Malformed,
    /// Send a form, not another format.
    UnsupportedMedia,
    /// Ask for another link: this one is forged, used or out of date.
    BadToken,
    /// Send less.
    TooLarge,
    /// Send it over a faster line.
    TooSlow,
    /// Wait for so many seconds.
    Throttled(u32),
    /// Try again in a moment: the site is busy, or cannot be reached.
    Unreachable,
    /// Try again later; the log knows more.
    Internal,
}

impl AppError {
    /// The HTTP status that says the same (RFC 9110).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::BadCredentials | Self::SignInRequired => 401,
            Self::Forbidden | Self::RoleRequired | Self::OtherAccount | Self::Hidden | Self::Suspended(_) => {
                403
            }
            Self::NotFound | Self::NoSuchPage(_) => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::Conflict => 409,
            Self::BadToken | Self::Gone | Self::Removed => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::Invalid(errors) => errors.status(),
            Self::Throttled(_) => 429,
            Self::Internal => 500,
            Self::Unreachable => 503,
        }
    }

    /// The heading of a page that shows this error and nothing else.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Invalid(_) | Self::BadCredentials => "There is a problem",
            Self::SignInRequired => "Log in to see this page",
            Self::OtherAccount => "You are logged in to another account",
            Self::Forbidden => "You cannot change this",
            Self::RoleRequired => "Your role does not allow this",
            Self::NotFound | Self::NoSuchPage(_) => "Page not found",
            Self::MethodNotAllowed => "This address cannot be used that way",
            Self::Conflict => "This was changed elsewhere",
            Self::Gone => "This post has been deleted",
            Self::Removed | Self::Hidden => "A moderator has hidden this post",
            Self::Suspended(_) => "This account is suspended",
            Self::Malformed => "We could not read this request",
            Self::UnsupportedMedia => "We cannot read this format",
            Self::BadToken => "This link no longer works",
            Self::TooLarge => "That is too large",
            Self::TooSlow => "That took too long",
            Self::Throttled(_) => "Too many requests",
            Self::Unreachable => "The site is temporarily unavailable",
            Self::Internal => "Something went wrong",
        }
    }

    /// Whether the same request may succeed another time.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Internal | Self::Throttled(_) | Self::TooSlow
        )
    }

    /// Whether somebody else has to be logged in for it to succeed.
    #[must_use]
    pub const fn is_about_account(&self) -> bool {
        matches!(self, Self::SignInRequired | Self::OtherAccount)
    }

    /// When to come back, in seconds, if it is for a time that the answer should name (RFC 9110, 10.2.3).
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Throttled(seconds) => Some(*seconds),
            Self::Unreachable => Some(SOON),
            _ => None,
        }
    }

    /// A sentence that says what to do.
    #[must_use]
    pub fn advice(&self) -> Cow<'static, str> {
        let advice = match self {
            Self::Invalid(_) => "Check the marked fields.",
            Self::BadCredentials => "Check your email address or username, and your password.",
            Self::SignInRequired => "Log in, then try again.",
            Self::OtherAccount => {
                "You started this in another account. Log in to that account in a new tab, then send this again."
            }
            Self::Forbidden => {
                "It belongs to somebody else. If it is yours, log in to the account it belongs to and use the pages of this site."
            }
            Self::RoleRequired => {
                "Only moderators and administrators can do this, and only to people with a lower role than their own."
            }
            Self::NotFound => "The address may be wrong, or the page may have been deleted.",
            Self::MethodNotAllowed => "Go back and use the buttons on the page.",
            Self::Conflict => {
                "This was saved, published or discarded in another window. Check the version below. To keep your text, send it again."
            }
            Self::Gone => "It has been removed from the site.",
            Self::Removed => "Only its author and moderators can still read it.",
            Self::Hidden => {
                "A moderator has hidden this post. You can see why in your trash. To have it shown again, contact the people who run this site."
            }
            Self::Malformed => "Go back to the page and send the form again.",
            Self::UnsupportedMedia => "Go back to the page and use its form.",
            Self::BadToken => "Links in our emails work once and for a limited time. Ask for another one.",
            Self::TooSlow => "Nothing was changed. Send less, or use a faster connection.",
            Self::TooLarge => "Shorten what you sent, then send it again.",
            Self::Internal => "There is a problem with the site. Try again later.",
            Self::Unreachable => return unchanged(SOON).into(),
            Self::Throttled(seconds) => return unchanged(*seconds).into(),
            Self::NoSuchPage(1) => "This list has one page.",
            Self::NoSuchPage(pages) => return format!("This list has {pages} pages.").into(),
            Self::Suspended(reason) => {
                return format!(
                    "This account is suspended, so nobody can log in to it. The reason: “{reason}”. If you think this is wrong, reply to the email we sent you about it."
                )
                .into();
            }
        };
        advice.into()
    }
}

/// Returns the words for an answer that did not come this time.
fn unchanged(seconds: u32) -> String {
    format!("Nothing was changed. Try again in {}.", waiting(seconds))
}

/// A time in words, never shorter than it is.
fn waiting(seconds: u32) -> String {
    match seconds {
        0..=1 => "1 second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        91..=5_400 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_wait_is_said_in_words() {
        for (seconds, words) in [
            (1, "1 second"),
            (30, "30 seconds"),
            (91, "2 minutes"),
            (3_600, "60 minutes"),
            (5_401, "2 hours"),
        ] {
            assert_eq!(waiting(seconds), words);
        }
    }
}
