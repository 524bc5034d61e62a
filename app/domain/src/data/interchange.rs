//! The data model of exports and imports: users, posts and drafts in a format that is independent of this program.

use serde::{Deserialize, Serialize};
use time::{
    OffsetDateTime,
    serde::rfc3339::{self, option},
};

use crate::{media::Folder, media::avatars::files as files_of, platform::entity::user::PasswordHash};
use shared::{
    forms::post::DetailsForm,
    model::{
        comment::{CommentState, HiddenBy},
        media::{self, Avatar},
        post::{PostDetails, Visibility},
        profile::ProfileDetails,
        static_page::Place,
        trust::{HoldReason, Standing, TrustLevel, TrustReason},
    },
};

/// A user. Fields that another system does not have are omitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The id; kept if it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The username.
    pub username: String,
    /// The email address.
    pub email: String,
    /// The password hash; only part of the export of a whole site. Without it the user has to set a password by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<PasswordHash>,
    /// The role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The pronouns.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pronouns: String,
    /// The location.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub location: String,
    /// The address of the web site.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub website: String,
    /// The addresses of other profiles and pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// The profile text.
    #[serde(default)]
    pub about: String,
    /// The Markdown source of the biography.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub biography: String,
    /// The time of the registration.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// The time at which the user was last seen.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// The time at which the address was confirmed.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub email_confirmed_at: Option<OffsetDateTime>,
    /// The reason of the suspension, if the user is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_because: Option<String>,
    /// Until when the account is frozen, if it is.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub frozen_until: Option<OffsetDateTime>,
    /// The reason why the account is frozen, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen_because: Option<String>,
    /// How much the site trusts the account, and why.
    #[serde(default = "from_elsewhere", skip_serializing_if = "is_from_elsewhere")]
    pub standing: Standing,
    /// The file name of the avatar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The username of the user whose invitation the user has accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<String>,
    /// The former usernames, in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_usernames: Vec<String>,
    /// The inline images that the user has uploaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<StoredImage>,
}

impl Person {
    /// The standing of somebody whose account another site has exported without one.
    pub const FROM_ELSEWHERE: Standing = from_elsewhere();

    /// Returns the facts on the profile.
    #[must_use]
    pub fn details(&self) -> ProfileDetails {
        ProfileDetails {
            display_name: self.display_name.clone(),
            pronouns: self.pronouns.clone(),
            location: self.location.clone(),
            website: self.website.clone(),
            links: self.links.clone(),
        }
    }
}

/// An inline image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredImage {
    /// The file name.
    pub name: String,
    /// The time of the upload.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// The size in bytes.
    pub bytes: i64,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// The id; kept if it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The title.
    pub title: String,
    /// The slug.
    pub slug: String,
    /// The tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The username of the author.
    pub author: String,
    /// The time of publication.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// The time of the last change.
    #[serde(with = "rfc3339")]
    pub updated_at: OffsetDateTime,
    /// The version, which starts at 1 and increases with every change.
    #[serde(default = "first")]
    pub version: i64,
    /// The time of deletion, if the post is in the trash.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<OffsetDateTime>,
    /// The reason why a moderator has hidden the post, if one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_because: Option<String>,
    /// The readers whom the author has chosen.
    #[serde(default, skip_serializing_if = "is_public")]
    pub visibility: Visibility,
    /// Whether the post waits for a moderator. Its other states follow from the two fields above.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_held: bool,
    /// Why it waits for a moderator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_because: Option<HoldReason>,
    /// Since when it waits for a moderator.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub held_at: Option<OffsetDateTime>,
    /// The note about the last change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change_note: String,
    /// Whether everybody who may read the post may see its history.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_history_public: bool,
    /// The details: subtitle, cover and so on.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub details: PostDetails,
    /// The decisions of its author about the comments.
    #[serde(default, skip_serializing_if = "is_open")]
    pub discussion: DiscussionSettings,
    /// The Markdown source.
    #[serde(skip)]
    pub content: String,
    /// The comments on the post, if another site has exported them together.
    #[serde(skip)]
    pub comments: Vec<ExportedComment>,
    /// Whether the time of publication is not known, so that it cannot be used to find an existing post.
    #[serde(skip)]
    pub is_undated: bool,
    /// The path that the post had on another site.
    #[serde(skip)]
    pub old_path: Option<String>,
}

/// The decisions of the author of a post about the comments on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscussionSettings {
    /// Whether nobody can comment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_closed: bool,
    /// The id of the comment that is shown first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<i64>,
}

/// A text that a post had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The id of the post.
    pub post: i64,
    /// The version of the post that had this text.
    pub version: i64,
    /// The title.
    pub title: String,
    /// The tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The note about the change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change_note: String,
    /// The time at which the text was saved.
    #[serde(with = "rfc3339")]
    pub saved_at: OffsetDateTime,
    /// The time at which it was replaced.
    #[serde(with = "rfc3339")]
    pub replaced_at: OffsetDateTime,
    /// The details that the post had.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub details: PostDetails,
    /// The Markdown source.
    #[serde(skip)]
    pub content: String,
}

/// A comment on a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedComment {
    /// The id; kept if it is free.
    pub id: i64,
    /// The id of the post.
    pub post: i64,
    /// The id of the comment above it in the tree, unless it begins a thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
    /// The id of the comment that it answers, if that is not the one above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<i64>,
    /// The username of the author, if they have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The name of an author without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_name: Option<String>,
    /// The state.
    #[serde(default, skip_serializing_if = "is_published")]
    pub state: CommentState,
    /// Who has hidden it, if it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_by: Option<HiddenBy>,
    /// Why it was hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_because: Option<String>,
    /// Why it waits for a moderator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_because: Option<HoldReason>,
    /// The time at which it was written.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// The time of the last change that is marked.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<OffsetDateTime>,
    /// The version, which starts at 1 and increases with every change.
    #[serde(default = "first")]
    pub version: i64,
    /// The Markdown source.
    #[serde(skip)]
    pub content: String,
}

/// A static page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The id; kept if it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The title.
    pub title: String,
    /// The slug, which is the address of the page.
    pub slug: String,
    /// Where the page is linked.
    #[serde(default)]
    pub place: Place,
    /// Whether it is published.
    #[serde(default)]
    pub is_published: bool,
    /// The time of creation.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// The time of the last change.
    #[serde(with = "rfc3339")]
    pub updated_at: OffsetDateTime,
    /// The version, which starts at 1 and increases with every change.
    #[serde(default = "first")]
    pub version: i64,
    /// The Markdown source.
    #[serde(skip)]
    pub content: String,
    /// Whether the time of creation is not known, so that it cannot be used to find an existing page.
    #[serde(skip)]
    pub is_undated: bool,
    /// The path that the page had on another site.
    #[serde(skip)]
    pub old_path: Option<String>,
}

/// A redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The old path.
    pub path: String,
    /// The path that it leads to.
    pub target: String,
    /// The time at which it was added.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
}

/// The redirects in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirects {
    /// The redirects.
    pub redirects: Vec<Redirect>,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The id; kept if it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The title, which may be empty.
    pub title: String,
    /// The tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The username of the author.
    pub author: String,
    /// The id of the post that the draft changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<i64>,
    /// The version of the post on which the draft is based.
    #[serde(default)]
    pub post_version: i64,
    /// The version, which starts at 1 and increases with every save.
    #[serde(default = "first")]
    pub version: i64,
    /// The time of creation.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// The time of the last save.
    #[serde(with = "rfc3339")]
    pub updated_at: OffsetDateTime,
    /// The note about the change that the draft makes to a published post.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change_note: String,
    /// The later time at which the draft is to be published.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<OffsetDateTime>,
    /// The time zone in which its author has chosen that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_zone: Option<String>,
    /// The details, as they were typed.
    #[serde(default, skip_serializing_if = "is_untouched")]
    pub details: DetailsForm,
    /// The Markdown source.
    #[serde(skip)]
    pub content: String,
    /// Whether the time of creation is not known, so that it cannot be used to find an existing draft.
    #[serde(skip)]
    pub is_undated: bool,
}

const fn first() -> i64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_public(visibility: &Visibility) -> bool {
    *visibility == Visibility::Public
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_published(state: &CommentState) -> bool {
    *state == CommentState::Published
}

fn is_open(discussion: &DiscussionSettings) -> bool {
    *discussion == DiscussionSettings::default()
}

/// Returns the standing of somebody whose account another site has exported without one.
const fn from_elsewhere() -> Standing {
    Standing {
        level: TrustLevel::Trusted,
        reason: TrustReason::Imported,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_from_elsewhere(standing: &Standing) -> bool {
    *standing == from_elsewhere()
}

fn is_empty(details: &PostDetails) -> bool {
    *details == PostDetails::default()
}

fn is_untouched(details: &DetailsForm) -> bool {
    *details == DetailsForm::default()
}

/// Returns the paths of these images' files. Names that are not valid are skipped, so that no path leads outside the
/// media folders.
#[must_use]
pub fn files(picture: Option<String>, images: &[StoredImage]) -> Vec<String> {
    let is_plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    let squares = Avatar::from_name(picture.filter(|name| is_plain(name))).map(|picture| files_of(&picture));
    let images = images.iter().filter(|image| is_plain(&image.name));
    let images = images.filter_map(|image| media::InlineImage::named(&image.name));
    squares
        .into_iter()
        .flatten()
        .chain(images.map(|image| Folder::Images.path(&image.name)))
        .collect()
}
