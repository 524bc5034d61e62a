//! The kinds of mails. Each has a folder in `template/` with its subject, plain text and HTML. To add one, add a folder, a line in
//! `templates!` in `rendering/letters.rs` and a variant of `EmailTemplate`.

use serde::{Deserialize, Serialize};

use crate::{jobs::Lane, platform::entity::user};

/// The kind of a mail and its parameters, as stored in its job. Never contains a token; of a password, only its
/// hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EmailTemplate {
    /// To a new account: confirms the address.
    Welcome,
    /// To an address that somebody registers on a site that does not reveal which addresses have accounts.
    Register(Registration),
    /// To an address whose owner may have forgotten their password.
    ResetPassword,
    /// To the user, after the password was changed.
    PasswordChanged,
    /// To the new address, before it is used.
    ChangeEmail,
    /// To the previous address, after it was replaced.
    EmailChanged {
        /// The new address.
        email: String,
    },
    /// To the user: a moderator has suspended the account.
    Suspended {
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: the suspension was lifted.
    Reinstated,
    /// To the user: a moderator has frozen the account.
    Frozen {
        /// For how long, such as "7 days".
        lasts: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: a moderator has unfrozen the account.
    Unfrozen,
    /// To the author: a moderator has hidden a post.
    PostHidden {
        /// The title of the post.
        title: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the author: a moderator has hidden a comment.
    CommentHidden {
        /// The id of the comment.
        comment: i64,
        /// The title of the post.
        title: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: a moderator has sent a warning.
    Warned {
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: an appeal was decided.
    AppealDecided {
        /// Whether the act was reversed.
        is_reversed: bool,
        /// The answer, as entered by the moderator.
        reason: String,
    },
    /// To somebody without an account: the site has received a report.
    ReportReceived {
        /// The path of what was reported.
        path: String,
    },
    /// To somebody without an account: a moderator has decided about a report.
    ReportDecided {
        /// Whether the moderator has acted.
        has_acted: bool,
    },
    /// To the author: a moderator has erased an earlier version of a post.
    VersionErased {
        /// The id of the post.
        post: i64,
        /// The title of the post.
        title: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the author: a scheduled post was not published.
    NotPublished {
        /// The id of the draft.
        draft: i64,
        /// The title of the draft.
        title: String,
        /// The reason.
        reason: String,
    },
    /// To an invited person: the link of the invitation with this id.
    Invitation {
        /// The id of the invitation.
        id: i64,
    },
    /// To an administrator: mail works.
    Test,
    /// To an administrator: an internal error occurred.
    Fault(ErrorAlert),
}

/// An account that is created when its address is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The username.
    pub username: String,
    /// The password hash.
    pub password_hash: user::PasswordHash,
    /// The id of the invitation with which the user has registered, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<i64>,
}

/// The content of an error alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorAlert {
    /// The line of the log.
    pub line: String,
    /// The time of the error (RFC 3339).
    pub at: String,
    /// The number of further occurrences since the last mail.
    pub before: u32,
}

impl EmailTemplate {
    /// Returns the name of the template, as shown to administrators.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Register(_) => "register",
            Self::ResetPassword => "reset-password",
            Self::PasswordChanged => "password-changed",
            Self::ChangeEmail => "change-email",
            Self::EmailChanged { .. } => "email-changed",
            Self::Suspended { .. } => "suspended",
            Self::Reinstated => "reinstated",
            Self::Frozen { .. } => "frozen",
            Self::Unfrozen => "unfrozen",
            Self::PostHidden { .. } => "post-hidden",
            Self::CommentHidden { .. } => "comment-hidden",
            Self::Warned { .. } => "warned",
            Self::AppealDecided { .. } => "appeal-decided",
            Self::ReportReceived { .. } => "report-received",
            Self::ReportDecided { .. } => "report-decided",
            Self::VersionErased { .. } => "version-erased",
            Self::NotPublished { .. } => "not-published",
            Self::Invitation { .. } => "invitation",
            Self::Test => "test",
            Self::Fault(_) => "fault",
        }
    }

    /// Returns the lane of the mail.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Welcome
            | Self::Register(_)
            | Self::ResetPassword
            | Self::PasswordChanged
            | Self::ChangeEmail
            | Self::EmailChanged { .. }
            | Self::Invitation { .. }
            | Self::Test => Lane::Awaited,
            Self::Suspended { .. }
            | Self::Reinstated
            | Self::Frozen { .. }
            | Self::Unfrozen
            | Self::PostHidden { .. }
            | Self::CommentHidden { .. }
            | Self::Warned { .. }
            | Self::AppealDecided { .. }
            | Self::ReportReceived { .. }
            | Self::ReportDecided { .. }
            | Self::VersionErased { .. }
            | Self::NotPublished { .. }
            | Self::Fault(_) => Lane::Bulk,
        }
    }
}
