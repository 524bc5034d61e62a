//! The errors of the application from the visitor's point of view.
//!
//! `AppError` is the only error that leaves a server function. It is a closed enum without internal details: the
//! cause of a failure is logged where it occurs and reaches the visitor as `AppError::Internal`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::forms::FieldErrors;

/// The kinds of database failures.
#[cfg(feature = "server")]
mod failure;
/// Conversion of database errors.
#[cfg(feature = "server")]
mod server;
/// Conversion of server function errors.
#[cfg(feature = "server-fn")]
mod server_function;

#[cfg(feature = "server")]
pub use {failure::Failure, server::log};

/// The `Retry-After` of a busy site in seconds.
const SOON: u32 = 5;

/// An error, described by what the visitor can do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Fields of the form are not valid.
    Invalid(FieldErrors),
    /// The login is wrong. It is not revealed whether the name or the password is.
    BadCredentials,
    /// The visitor has to log in.
    SignInRequired,
    /// The visitor has to enter the password again, because it was entered too long ago for this action.
    ReauthenticationRequired,
    /// Only people with an invitation can register.
    InvitationRequired,
    /// Nobody can register.
    RegistrationClosed,
    /// The site would be left without an administrator.
    LastAdministrator,
    /// Another user opened the form and has to log in to submit it.
    OtherAccount,
    /// The object belongs to another user.
    Forbidden,
    /// The action requires a role that the visitor does not have.
    RoleRequired,
    /// There is no such page or object.
    NotFound,
    /// There is no such page of a list, which has the given number of pages.
    NoSuchPage(u64),
    /// The method is not allowed for this URL.
    MethodNotAllowed,
    /// Another user or window has changed the object in the meantime.
    Conflict,
    /// The object has been deleted.
    Gone,
    /// The post has been hidden by a moderator.
    Removed,
    /// Nobody can comment on the post.
    CommentsClosed,
    /// The comment is too old to be changed.
    NoLongerEditable,
    /// The comment has been deleted.
    CommentGone,
    /// The comment is hidden.
    CommentHidden,
    /// Another moderator has claimed the case.
    Claimed,
    /// The appeal is against a decision of the moderator, about which another one decides.
    OwnDecision,
    /// The page was opened in an earlier version of the site and calls a server function that no longer exists.
    Outdated,
    /// The author's post cannot be changed because a moderator has hidden it.
    Hidden,
    /// A moderator has suspended the account, for the given reason.
    Suspended(String),
    /// The account may only read for some time, because a moderator has frozen it.
    Frozen,
    /// The request cannot be parsed.
    Malformed,
    /// The request is not in the format of a form.
    UnsupportedMedia,
    /// The token of the link is forged, used or expired.
    BadToken,
    /// The request body is too large.
    TooLarge,
    /// The request body arrives too slowly.
    TooSlow,
    /// A rate limit is exceeded; the request may be repeated after the given number of seconds.
    Throttled(u32),
    /// The site is busy or its database cannot be reached.
    Unreachable,
    /// An internal error, which has been logged.
    Internal,
}

impl AppError {
    /// Returns the HTTP status code (RFC 9110).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::BadCredentials | Self::SignInRequired => 401,
            Self::Forbidden
            | Self::RoleRequired
            | Self::OtherAccount
            | Self::Hidden
            | Self::Suspended(_)
            | Self::Frozen
            | Self::ReauthenticationRequired
            | Self::InvitationRequired
            | Self::RegistrationClosed
            | Self::CommentsClosed
            | Self::NoLongerEditable
            | Self::CommentHidden
            | Self::OwnDecision => 403,
            Self::NotFound | Self::NoSuchPage(_) => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::Conflict | Self::LastAdministrator | Self::Claimed => 409,
            // An outdated page calls what is gone for good, so 404, which leaves that open, would say less.
            Self::BadToken | Self::Gone | Self::Removed | Self::CommentGone | Self::Outdated => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::Invalid(errors) => errors.status(),
            Self::Throttled(_) => 429,
            Self::Internal => 500,
            Self::Unreachable => 503,
        }
    }

    /// Returns the heading of a page that shows only this error.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Invalid(_) | Self::BadCredentials => "There is a problem",
            Self::SignInRequired => "Log in to see this page",
            Self::OtherAccount => "You are logged in to another account",
            Self::ReauthenticationRequired => "Confirm your password",
            Self::InvitationRequired => "You need an invitation to register",
            Self::RegistrationClosed => "Registration is closed",
            Self::LastAdministrator => "This is the only administrator",
            Self::Forbidden => "You cannot change this",
            Self::RoleRequired => "Your role does not allow this",
            Self::NotFound | Self::NoSuchPage(_) => "Page not found",
            Self::MethodNotAllowed => "This address cannot be used that way",
            Self::Conflict => "This was changed elsewhere",
            Self::Gone => "This post has been deleted",
            Self::Removed | Self::Hidden => "A moderator has hidden this post",
            Self::CommentsClosed => "Comments are closed",
            Self::NoLongerEditable => "This comment can no longer be changed",
            Self::CommentGone => "This comment has been deleted",
            Self::CommentHidden => "This comment is hidden",
            Self::Claimed => "Another moderator is looking at this",
            Self::OwnDecision => "Another moderator decides about this",
            Self::Outdated => "The site has been updated",
            Self::Suspended(_) => "This account is suspended",
            Self::Frozen => "Your account is frozen",
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

    /// Returns whether the same request may succeed later.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Internal | Self::Throttled(_) | Self::TooSlow
        )
    }

    /// Returns whether another user has to be logged in for the request to succeed.
    #[must_use]
    pub const fn is_about_account(&self) -> bool {
        matches!(self, Self::SignInRequired | Self::OtherAccount)
    }

    /// Returns the seconds for the `Retry-After` header, if it should be sent (RFC 9110, 10.2.3).
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Throttled(seconds) => Some(*seconds),
            Self::Unreachable => Some(SOON),
            _ => None,
        }
    }

    /// Returns a sentence that says what to do.
    #[must_use]
    pub fn advice(&self) -> Cow<'static, str> {
        let advice = match self {
            Self::Invalid(_) => "Check the marked fields.",
            Self::BadCredentials => "Check your email address or username, and your password.",
            Self::SignInRequired => "Log in, then try again.",
            Self::ReauthenticationRequired => {
                "This needs your password, because it cannot be undone. Nothing was changed. Confirm your password, then try again."
            }
            Self::InvitationRequired => {
                "New accounts on this site need an invitation. If you have one, open the link in it. Otherwise ask somebody who runs this site."
            }
            Self::RegistrationClosed => {
                "This site does not accept new accounts, not even with an invitation."
            }
            Self::LastAdministrator => {
                "A site needs an administrator. Nothing was changed. Make somebody else an administrator first."
            }
            Self::OtherAccount => {
                "You started this in another account. Log in to that account in a new tab, then send this again."
            }
            Self::Forbidden => {
                "It belongs to somebody else. If it is yours, log in to the account it belongs to and use the pages of this site."
            }
            Self::RoleRequired => {
                "Only moderators and administrators can do this, or administrators alone. What concerns another person also needs a higher role than theirs."
            }
            Self::NotFound => "The address may be wrong, or the page may have been deleted.",
            Self::MethodNotAllowed => "Go back and use the buttons on the page.",
            Self::Conflict => {
                "This was saved, published or discarded in another window. Check the version below. To keep your text, send it again."
            }
            Self::Gone => "It has been removed from the site.",
            Self::CommentsClosed => "Nobody can comment on this post now. Your text has not been published.",
            Self::NoLongerEditable => {
                "A comment can be changed for 24 hours. You can delete it, or answer it."
            }
            Self::CommentGone => "The comment has been deleted, so nobody can read or answer it any more.",
            Self::CommentHidden => {
                "The comment is hidden, so it can be neither changed nor answered until it is shown again."
            }
            Self::Claimed => {
                "Nothing was changed. Another moderator has claimed this case for 15 minutes, or has closed it. Reload the page to see."
            }
            Self::OwnDecision => {
                "The appeal is against a decision of yours, so somebody else decides about it."
            }
            Self::Removed => "Only its author and moderators can still read it.",
            Self::Outdated => {
                "This page is from an earlier version of the site. Reload it to continue. What you were writing is kept in this browser."
            }
            Self::Hidden => {
                "A moderator has hidden this post. You can see why in your trash. To have it shown again, contact the people who run this site."
            }
            Self::Frozen => {
                "A moderator has frozen your account for some days. You can read, save drafts and delete what you have written. Your account page says until when, and why."
            }
            Self::Malformed => "Go back to the page and send the form again.",
            Self::UnsupportedMedia => "Go back to the page and use its form.",
            Self::BadToken => {
                "Such links work for a limited time, and those in our emails only once. Ask for another one."
            }
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

/// Returns the advice for a temporary failure.
fn unchanged(seconds: u32) -> String {
    format!("Nothing was changed. Try again in {}.", waiting(seconds))
}

/// Returns a duration in words, rounded up.
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
