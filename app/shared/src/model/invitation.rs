//! Invitations, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::account::Role;

/// The maximum number of invitations, and of users who have accepted one, that are shown.
pub const SHOWN_MAX: u64 = 100;

/// An invitation that can still be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id.
    pub id: i64,
    /// The role of a user who registers with it.
    pub role: Role,
    /// The only address that may register, if there is one.
    pub email: Option<String>,
    /// The username of the inviter; `None` for the command line.
    pub inviter: Option<String>,
    /// The number of users who can still register with it.
    pub uses_left: i32,
    /// The time at which it ends.
    #[serde(with = "time::serde::timestamp")]
    pub expires_at: OffsetDateTime,
    /// The link, if this browser has just created the invitation. It is not stored anywhere else.
    pub link: Option<String>,
}

/// A user who has registered with an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    /// The username.
    pub username: String,
    /// The username of the inviter.
    pub inviter: String,
}

/// The invitations of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitations {
    /// The newest invitations that can still be used.
    pub open: Vec<Invitation>,
    /// The newest users who have registered with an invitation.
    pub accepted: Vec<Invitee>,
}

/// An invitation, as shown to the person who has followed its link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The role of the new account.
    pub role: Role,
    /// The only address that may register, if there is one.
    pub email: Option<String>,
    /// The username of the inviter; `None` for the command line.
    pub inviter: Option<String>,
}

/// Returns the description of an invitation in the audit log, which moderators read: it does not contain the address.
#[must_use]
pub fn describe_invitation(id: i64, role: Role) -> String {
    format!("{} (invitation {id})", role.words())
}
