//! Moderation, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::page::ListPage;
use crate::paths;

/// An action that is recorded in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditAction {
    /// A post was hidden.
    Hide,
    /// A hidden post was made visible again.
    Show,
    /// A user was suspended.
    Suspend,
    /// A suspension was lifted.
    Reinstate,
    /// An account was created.
    Add,
    /// A role was assigned.
    Promote,
    /// A password was set.
    SetPassword,
    /// All sessions of a user were ended.
    EndSessions,
    /// A user was deleted.
    DeleteUser,
    /// A post was moved to its author's trash.
    DeletePost,
    /// A post was restored from the trash.
    RestorePost,
    /// The username, address or profile text of a user was changed.
    UpdateUser,
    /// A post was published for a user.
    AddPost,
    /// A draft was created for a user.
    AddDraft,
    /// A post was changed for its author.
    UpdatePost,
}

impl AuditAction {
    const ALL: [Self; 15] = [
        Self::Hide,
        Self::Show,
        Self::Suspend,
        Self::Reinstate,
        Self::Add,
        Self::Promote,
        Self::SetPassword,
        Self::EndSessions,
        Self::DeleteUser,
        Self::DeletePost,
        Self::RestorePost,
        Self::UpdateUser,
        Self::AddPost,
        Self::AddDraft,
        Self::UpdatePost,
    ];

    /// Returns the name in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hide => "hide",
            Self::Show => "show",
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Add => "add",
            Self::Promote => "promote",
            Self::SetPassword => "set-password",
            Self::EndSessions => "end-sessions",
            Self::DeleteUser => "delete-user",
            Self::DeletePost => "delete-post",
            Self::RestorePost => "restore-post",
            Self::UpdateUser => "update-user",
            Self::AddPost => "add-post",
            Self::AddDraft => "add-draft",
            Self::UpdatePost => "update-post",
        }
    }

    /// Returns the action called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// Returns the verb between the actor and the subject.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Hide => "hid",
            Self::Show => "unhid",
            Self::Suspend => "suspended",
            Self::Reinstate => "reinstated",
            Self::Add | Self::AddPost => "added",
            Self::Promote => "gave a role to",
            Self::SetPassword => "set the password of",
            Self::EndSessions => "ended the sessions of",
            Self::DeleteUser | Self::DeletePost => "deleted",
            Self::RestorePost => "restored",
            Self::UpdateUser => "changed the account of",
            Self::AddDraft => "added a draft for",
            Self::UpdatePost => "changed",
        }
    }
}

/// Returns the description of a post in the audit log.
#[must_use]
pub fn describe_post(id: i64, title: &str, author: &str) -> String {
    format!("“{title}” by {author} (post {id})")
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// The time of the action.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// The username of the actor, or the command line.
    pub actor: String,
    /// The action.
    pub action: AuditAction,
    /// The affected user or post.
    pub subject: String,
    /// The reason, which may be empty.
    pub reason: String,
}

impl AuditRecord {
    /// Returns the path of the actor's profile, or `None` for the command line.
    #[must_use]
    pub fn actor_path(&self) -> Option<String> {
        // Usernames cannot contain a space.
        (!self.actor.contains(' ')).then(|| paths::user(&self.actor))
    }

    /// Returns the path of the affected user or post, if it may still exist.
    #[must_use]
    pub fn subject_path(&self) -> Option<String> {
        match self.action {
            AuditAction::Hide
            | AuditAction::Show
            | AuditAction::DeletePost
            | AuditAction::RestorePost
            | AuditAction::AddPost
            | AuditAction::UpdatePost => {
                let (_, id) = self.subject.rsplit_once("(post ")?;
                Some(paths::short_post(id.strip_suffix(')')?.parse().ok()?))
            }
            AuditAction::DeleteUser => None,
            AuditAction::Suspend
            | AuditAction::Reinstate
            | AuditAction::Add
            | AuditAction::Promote
            | AuditAction::SetPassword
            | AuditAction::EndSessions
            | AuditAction::UpdateUser
            | AuditAction::AddDraft => Some(paths::user(&self.subject)),
        }
    }
}

/// A hidden post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenPost {
    /// The id.
    pub id: i64,
    /// The title.
    pub title: String,
    /// The username of the author.
    pub author: String,
    /// The reason.
    pub reason: String,
}

/// A suspended user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// The username.
    pub username: String,
    /// The reason.
    pub reason: String,
}

/// The moderation overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderation {
    /// The newest hidden posts.
    pub hidden: Vec<HiddenPost>,
    /// The newest suspended users.
    pub suspended: Vec<Suspended>,
    /// A page of the audit log, latest entries first.
    pub records: ListPage<AuditRecord>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(action: AuditAction, subject: &str) -> Option<String> {
        let record = AuditRecord {
            at: OffsetDateTime::UNIX_EPOCH,
            actor: "grace".to_owned(),
            action,
            subject: subject.to_owned(),
            reason: String::new(),
        };
        record.subject_path()
    }

    #[test]
    fn the_log_leads_to_what_something_was_done_to() {
        let post = describe_post(7, "Two (post 3) in one", "ada");
        assert_eq!(path(AuditAction::Hide, &post).as_deref(), Some("/post/7"));
        assert_eq!(path(AuditAction::Suspend, "ada").as_deref(), Some("/user/ada"));
        assert_eq!(path(AuditAction::DeleteUser, "ada"), None);
        assert_eq!(path(AuditAction::Hide, "something else"), None);
    }
}
