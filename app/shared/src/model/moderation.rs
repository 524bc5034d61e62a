//! Moderation, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    account::Freeze,
    decision::{CaseCard, WaitingAppeal},
    page::KeysetPage,
    profile::Resemblance,
    trust::HoldReason,
};
use crate::paths;

/// The kind of the subject of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// A post, described by [`describe_post`].
    Post,
    /// A comment, described by [`describe_comment`].
    Comment,
    /// A case, described by [`describe_case`].
    Case,
    /// A user, described by the username.
    User,
    /// A user who has been deleted.
    Deleted,
    /// Something that has no page, or whose page may move.
    Other,
}

crate::variants! {
    /// An action that is recorded in the audit log.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub enum AuditAction {
        /// A post was hidden.
        Hide { name: "hide", words: "hid", subject: Subject::Post },
        /// A hidden post was made visible again.
        Show { name: "show", words: "unhid", subject: Subject::Post },
        /// A comment was hidden.
        HideComment { name: "hide-comment", words: "hid", subject: Subject::Comment },
        /// A hidden comment was made visible again.
        ShowComment { name: "show-comment", words: "unhid", subject: Subject::Comment },
        /// A comment that waited for a moderator was published.
        ApproveComment { name: "approve-comment", words: "approved", subject: Subject::Comment },
        /// The comments on a post were closed.
        CloseComments { name: "close-comments", words: "closed the comments on", subject: Subject::Post },
        /// The comments on a post were opened again.
        OpenComments { name: "open-comments", words: "opened the comments on", subject: Subject::Post },
        /// A comment was pinned.
        PinComment { name: "pin-comment", words: "pinned", subject: Subject::Comment },
        /// A comment is no longer pinned.
        UnpinComment { name: "unpin-comment", words: "unpinned", subject: Subject::Comment },
        /// An earlier version of a post was erased.
        EraseVersion { name: "erase-version", words: "erased a version of", subject: Subject::Post },
        /// A user was warned.
        Warn { name: "warn", words: "warned", subject: Subject::User },
        /// A case was closed without an act.
        DismissCase { name: "dismiss-case", words: "closed", subject: Subject::Case },
        /// An appeal was granted.
        GrantAppeal { name: "grant-appeal", words: "granted an appeal of", subject: Subject::User },
        /// An appeal was refused.
        RefuseAppeal { name: "refuse-appeal", words: "refused an appeal of", subject: Subject::User },
        /// A user was suspended.
        Suspend { name: "suspend", words: "suspended", subject: Subject::User },
        /// A suspension was lifted.
        Reinstate { name: "reinstate", words: "reinstated", subject: Subject::User },
        /// A user may only read for some days.
        Freeze { name: "freeze", words: "froze", subject: Subject::User },
        /// A user may write again before that time was over.
        Unfreeze { name: "unfreeze", words: "unfroze", subject: Subject::User },
        /// A post that waited for a moderator was published.
        ApprovePost { name: "approve-post", words: "approved", subject: Subject::Post },
        /// A moderator has decided that the site trusts a user.
        Trust { name: "trust", words: "trusted", subject: Subject::User },
        /// An account was created.
        Add { name: "add", words: "added", subject: Subject::User },
        /// A role was assigned.
        Promote { name: "promote", words: "gave a role to", subject: Subject::User },
        /// A password was set.
        SetPassword { name: "set-password", words: "set the password of", subject: Subject::User },
        /// All sessions of a user were ended.
        EndSessions { name: "end-sessions", words: "ended the sessions of", subject: Subject::User },
        /// A user was deleted.
        DeleteUser { name: "delete-user", words: "deleted", subject: Subject::Deleted },
        /// A post was moved to its author's trash.
        DeletePost { name: "delete-post", words: "deleted", subject: Subject::Post },
        /// A post was restored from the trash.
        RestorePost { name: "restore-post", words: "restored", subject: Subject::Post },
        /// Somebody was invited.
        Invite { name: "invite", words: "invited", subject: Subject::Other },
        /// An invitation was revoked.
        RevokeInvitation { name: "revoke-invitation", words: "revoked the invitation of", subject: Subject::Other },
        /// An account was created with an invitation.
        AcceptInvitation { name: "accept-invitation", words: "accepted an invitation from", subject: Subject::User },
        /// The username, address or profile text of a user was changed.
        UpdateUser { name: "update-user", words: "changed the account of", subject: Subject::User },
        /// A post was published for a user.
        AddPost { name: "add-post", words: "added", subject: Subject::Post },
        /// A draft was created for a user.
        AddDraft { name: "add-draft", words: "added a draft for", subject: Subject::User },
        /// A post was changed for its author.
        UpdatePost { name: "update-post", words: "changed", subject: Subject::Post },
        /// Jobs that were given up are tried again.
        RetryJobs { name: "retry-jobs", words: "retried", subject: Subject::Other },
        /// A job was deleted.
        DropJob { name: "drop-job", words: "dropped", subject: Subject::Other },
        /// Jobs that were held are done.
        ReleaseJobs { name: "release-jobs", words: "released", subject: Subject::Other },
        /// A setting of the site was changed.
        ChangeSetting { name: "change-setting", words: "changed the setting", subject: Subject::Other },
        /// A static page was created.
        AddPage { name: "add-page", words: "added", subject: Subject::Other },
        /// A static page was changed.
        UpdatePage { name: "update-page", words: "changed", subject: Subject::Other },
        /// A static page was published.
        PublishPage { name: "publish-page", words: "published", subject: Subject::Other },
        /// A static page became a draft again.
        UnpublishPage { name: "unpublish-page", words: "unpublished", subject: Subject::Other },
        /// A static page was deleted.
        DeletePage { name: "delete-page", words: "deleted", subject: Subject::Other },
        /// An upgrade has claimed the address of a static page.
        MovePage { name: "move-page", words: "moved", subject: Subject::Other },
        /// A redirect was added.
        AddRedirect { name: "add-redirect", words: "added", subject: Subject::Other },
        /// A redirect was deleted.
        DeleteRedirect { name: "delete-redirect", words: "deleted", subject: Subject::Other },
    }

    /// Returns the name in the table.
    pub const fn name(self) -> &'static str;
    /// Returns the verb between the actor and the subject.
    pub const fn words(self) -> &'static str;
    /// Returns the kind of the subject.
    const fn subject(self) -> Subject;
}

impl AuditAction {
    /// Returns the action called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// Returns the description of a post in the audit log.
#[must_use]
pub fn describe_post(id: i64, title: &str, author: &str) -> String {
    format!("“{title}” by {author} (post {id})")
}

/// Returns the description of a comment in the audit log.
#[must_use]
pub fn describe_comment(id: i64, author: &str, post: &str) -> String {
    format!("a comment by {author} on “{post}” (comment {id})")
}

/// Returns the description of a case in the audit log.
#[must_use]
pub fn describe_case(id: i64, words: &str) -> String {
    format!("the reports about “{words}” (case {id})")
}

/// Returns the id at the end of a description of a thing of this `kind`.
fn described_id(description: &str, kind: &str) -> Option<i64> {
    let (_, id) = description.rsplit_once(&format!("({kind} "))?;
    id.strip_suffix(')')?.parse().ok()
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
        user_path(&self.actor)
    }

    /// Returns the path of the affected user or post, if it may still exist.
    #[must_use]
    pub fn subject_path(&self) -> Option<String> {
        match self.action.subject() {
            Subject::Post => described_id(&self.subject, "post").map(paths::short_post),
            Subject::Comment => described_id(&self.subject, "comment").map(paths::comment),
            Subject::Case => described_id(&self.subject, "case").map(paths::case),
            Subject::User => user_path(&self.subject),
            Subject::Deleted | Subject::Other => None,
        }
    }
}

/// Returns the path of the profile of `name`, or `None` for the command line.
fn user_path(name: &str) -> Option<String> {
    // Usernames cannot contain a space.
    (!name.contains(' ')).then(|| paths::user(name))
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

/// A comment that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldComment {
    /// The id.
    pub id: i64,
    /// The title of the post.
    pub title: String,
    /// The name of the author.
    pub author: String,
    /// The beginning of the text, as plain text.
    pub excerpt: String,
    /// Why it waits, if that is known.
    pub reason: Option<HoldReason>,
    /// The time at which it was written.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// A post that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPost {
    /// The id.
    pub id: i64,
    /// The title.
    pub title: String,
    /// The name of the author.
    pub author: String,
    /// The excerpt.
    pub excerpt: String,
    /// The version that is shown.
    pub version: i64,
    /// Why it waits, if that is known.
    pub reason: Option<HoldReason>,
    /// The time at which it was written.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// A suspended user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// The username.
    pub username: String,
    /// The reason.
    pub reason: String,
}

/// A user who may only read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The username.
    pub username: String,
    /// Until when and why.
    pub freeze: Freeze,
}

/// A user whose name can be confused with that of somebody with a higher role, or with that of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookalike {
    /// The username.
    pub username: String,
    /// The name by which the user is shown.
    pub name: String,
    /// The name that this one can be confused with.
    pub resembles: Resemblance,
}

/// The moderation overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderation {
    /// The newest hidden posts.
    pub hidden: Vec<HiddenPost>,
    /// The oldest open cases.
    pub cases: Vec<CaseCard>,
    /// The oldest appeals that wait for a moderator.
    pub appeals: Vec<WaitingAppeal>,
    /// The oldest posts that wait for a moderator.
    pub held_posts: Vec<HeldPost>,
    /// The oldest comments that wait for a moderator.
    pub held: Vec<HeldComment>,
    /// The newest suspended users.
    pub suspended: Vec<Suspended>,
    /// The users who may only read, those for whom it ends first at the beginning.
    pub frozen: Vec<Frozen>,
    /// The users whose names can be confused with those of moderators and administrators.
    pub lookalikes: Vec<Lookalike>,
    /// A page of the audit log, latest entries first.
    pub records: KeysetPage<AuditRecord>,
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
        let comment = describe_comment(8, "grace", "Two (comment 3)");
        let shown = path(AuditAction::HideComment, &comment);
        assert_eq!(shown.as_deref(), Some("/comments/8"));
        assert_eq!(path(AuditAction::Suspend, "ada").as_deref(), Some("/user/ada"));
        assert_eq!(path(AuditAction::DeleteUser, "ada"), None);
        assert_eq!(path(AuditAction::Hide, "something else"), None);
    }
}
