//! The parts of a site, in a form that outlives this program: people, posts and drafts, as an export has them and an
//! import brings them.

use serde::{Deserialize, Serialize};
use time::{
    OffsetDateTime,
    serde::rfc3339::{self, option},
};

use crate::{accounts::avatar::files as files_of, media::Folder, platform::entity::user::PasswordHash};
use shared::model::media::{self, Picture};

/// Somebody. What another system does not know is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Their number; kept where it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The name, as they write it.
    pub username: String,
    /// Their address.
    pub email: String,
    /// Their password's hash: in the export of a whole site alone. Without it they choose another one by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<PasswordHash>,
    /// Their role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Their words about themselves.
    #[serde(default)]
    pub about: String,
    /// When they registered.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When they were last here.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// When they showed that the address is theirs.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub email_confirmed_at: Option<OffsetDateTime>,
    /// Why they may not log in, if they may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_because: Option<String>,
    /// The name of their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Names that they had, in small letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_usernames: Vec<String>,
    /// The pictures that they have sent for texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
}

/// A picture for texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// The name of its file.
    pub name: String,
    /// When it was sent.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// Its size.
    pub bytes: i64,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Its number; kept where it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Its title.
    pub title: String,
    /// The words in its address.
    pub slug: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The username of its author.
    pub author: String,
    /// When it was published.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "rfc3339")]
    pub updated_at: OffsetDateTime,
    /// How often it was changed, and one.
    #[serde(default = "first")]
    pub version: i64,
    /// When it was deleted, if it is in the trash.
    #[serde(default, with = "option", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<OffsetDateTime>,
    /// Why a moderator has hidden it, if one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_because: Option<String>,
    /// Its text in Markdown.
    #[serde(skip)]
    pub content: String,
    /// Whether nobody knows when it was published: then the moment does not tell whether it is there already.
    #[serde(skip)]
    pub is_undated: bool,
}

/// A text that is still being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Its number; kept where it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Its title; may be empty.
    pub title: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The username of its author.
    pub author: String,
    /// The number of the post that it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<i64>,
    /// The version of that post which it began with.
    #[serde(default)]
    pub post_version: i64,
    /// How often it was saved.
    #[serde(default = "first")]
    pub version: i64,
    /// When it was begun.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last saved.
    #[serde(with = "rfc3339")]
    pub updated_at: OffsetDateTime,
    /// Its text in Markdown.
    #[serde(skip)]
    pub content: String,
    /// Whether nobody knows when it was begun: then the moment does not tell whether it is there already.
    #[serde(skip)]
    pub is_undated: bool,
}

const fn first() -> i64 {
    1
}

/// Where the files of these pictures are. A name that is none is left out: nothing is kept elsewhere.
#[must_use]
pub fn files(picture: Option<String>, images: &[Image]) -> Vec<String> {
    let is_plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    let squares = Picture::of(picture.filter(|name| is_plain(name))).map(|picture| files_of(&picture));
    let images = images.iter().filter(|image| is_plain(&image.name));
    let images = images.filter_map(|image| media::Image::named(&image.name));
    squares
        .into_iter()
        .flatten()
        .chain(images.map(|image| Folder::Images.path(&image.name)))
        .collect()
}
