//! What moderators do, as pages show it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::page::Page;
use crate::paths;

/// Something that somebody with a role does to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditAction {
    /// Take a post off the site.
    Hide,
    /// Bring it back.
    Show,
    /// Keep somebody from logging in.
    Suspend,
    /// Let them in again.
    Reinstate,
    /// Make an account.
    Add,
    /// Give somebody a role.
    Promote,
    /// Give somebody another password.
    SetPassword,
    /// End somebody's sessions.
    EndSessions,
    /// Delete somebody with all that is theirs.
    DeleteUser,
    /// Put a post into its author's trash.
    DeletePost,
    /// Bring a post back from there.
    RestorePost,
    /// Change somebody's name, address or words.
    UpdateUser,
    /// Publish a post for somebody.
    AddPost,
    /// Begin a draft for somebody.
    AddDraft,
    /// Change a post for somebody.
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

    /// As the table has it.
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

    /// The action called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// What stands between who has done it and whom it was done to.
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

/// Returns how the log names the post with the number `id`.
#[must_use]
pub fn describe_post(id: i64, title: &str, author: &str) -> String {
    format!("“{title}” by {author} (post {id})")
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// By whom: a username, or the command line.
    pub actor: String,
    /// What.
    pub action: AuditAction,
    /// To whom or what.
    pub subject: String,
    /// Why; may be empty.
    pub reason: String,
}

impl AuditRecord {
    /// Where whoever has done it is found; the command line is nobody.
    #[must_use]
    pub fn actor_path(&self) -> Option<String> {
        // No username has a space.
        (!self.actor.contains(' ')).then(|| paths::user(&self.actor))
    }

    /// Where that is found which it was done to, if it may still be there.
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

/// A post that is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenPost {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub author: String,
    /// Why.
    pub reason: String,
}

/// Somebody who may not log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// Who.
    pub username: String,
    /// Why.
    pub reason: String,
}

/// What a moderator looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderation {
    /// Hidden posts, the newest first, so many as are shown.
    pub hidden: Vec<HiddenPost>,
    /// Suspended accounts, the newest first, so many as are shown.
    pub suspended: Vec<Suspended>,
    /// What was done, latest first.
    pub records: Page<AuditRecord>,
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
