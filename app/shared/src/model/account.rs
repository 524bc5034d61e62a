//! Users, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    media::Avatar,
    page::ListPage,
    post::{PostCard, PostRef},
    profile::{ProfileDetails, Resemblance, shown_name},
    trust::Standing,
};

/// The logged-in user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The id, which never changes.
    pub id: i64,
    /// The current username.
    pub username: String,
    /// The display name, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The avatar, if there is one.
    pub picture: Option<Avatar>,
    /// The role.
    pub role: Role,
    /// Whether the viewer may only read, because a moderator has frozen the account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_frozen: bool,
}

/// A time during which a user may only read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// The end.
    #[serde(with = "time::serde::timestamp")]
    pub until: OffsetDateTime,
    /// The reason, as entered by a moderator.
    pub reason: String,
}

impl Viewer {
    /// Returns the name by which others see the viewer.
    #[must_use]
    pub fn name(&self) -> &str {
        shown_name(self.display_name.as_deref(), &self.username)
    }
}

crate::variants! {
    /// The role of a user, in ascending order of privileges.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum Role {
        /// No privileges.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "member"))]
        Member { name: "member", words: "a member", label: "Member" },
        /// May moderate posts and users.
        #[cfg_attr(feature = "server", sea_orm(string_value = "moderator"))]
        Moderator { name: "moderator", words: "a moderator", label: "Moderator" },
        /// Manages the site.
        #[cfg_attr(feature = "server", sea_orm(string_value = "administrator"))]
        Administrator { name: "administrator", words: "an administrator", label: "Administrator" },
    }

    /// Returns the name of the role.
    pub const fn name(self) -> &'static str;
    /// Returns the name of the role with its article.
    pub const fn words(self) -> &'static str;
    /// Returns the name of the role as a label.
    pub const fn label(self) -> &'static str;
}

impl Role {
    /// Returns the role called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// Returns whether users with this role moderate posts and users.
    #[must_use]
    pub fn moderates(self) -> bool {
        self >= Self::Moderator
    }

    /// Returns whether users with this role change the site itself.
    #[must_use]
    pub fn administers(self) -> bool {
        self >= Self::Administrator
    }
}

/// The author of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The username.
    pub username: String,
    /// The display name, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The avatar, if there is one.
    pub picture: Option<Avatar>,
}

impl Author {
    /// Returns the name by which the author is shown.
    #[must_use]
    pub fn name(&self) -> &str {
        shown_name(self.display_name.as_deref(), &self.username)
    }
}

/// The public profile of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The username.
    pub username: String,
    /// The profile text, which may be empty.
    pub about: String,
    /// The display name, links and other facts.
    pub details: ProfileDetails,
    /// The biography as sanitised HTML, only with the first page of posts.
    pub biography: String,
    /// The avatar, if there is one.
    pub picture: Option<Avatar>,
    /// The time of the registration.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// The time at which the user was last seen while logged in.
    #[serde(with = "time::serde::timestamp::option")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// The reason of the suspension, if the user is suspended and the visitor is a moderator.
    pub suspended_because: Option<String>,
    /// Until when and why the user may only read, if that is so and the visitor is a moderator.
    pub freeze: Option<Freeze>,
    /// The name that this one can be confused with, if there is one and the visitor is a moderator.
    pub resembles: Option<Resemblance>,
    /// Whether the visitor may suspend or freeze the user, or lift that.
    pub may_suspend: bool,
    /// Whether the user is new, and the visitor may decide that the site trusts them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_trust: bool,
    /// Whether links are shown as text, because the user is new.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_plain_links: bool,
    /// The posts of the user, newest first.
    pub posts: ListPage<PostCard>,
}

/// The maximum number of users that a search returns.
pub const FOUND_MAX: u64 = 600;

/// An author in the list of authors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorCard {
    /// The username and the avatar.
    pub author: Author,
    /// The profile text, which may be empty.
    pub about: String,
    /// The number of posts.
    pub posts: u64,
    /// The latest post.
    pub latest: Option<LatestPost>,
}

/// The latest post of an author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatestPost {
    /// The id and slug of the post.
    pub post: PostRef,
    /// The title.
    pub title: String,
    /// The time of publication.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// The settings of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSettings {
    /// The username.
    pub username: String,
    /// The current address.
    pub email: String,
    /// Whether the address is confirmed.
    pub is_confirmed: bool,
    /// The new address, if one waits to be confirmed.
    pub new_email: Option<String>,
    /// The profile text.
    pub about: String,
    /// The display name, links and other facts of the profile.
    pub details: ProfileDetails,
    /// The Markdown source of the biography.
    pub biography: String,
    /// The avatar, if there is one.
    pub picture: Option<Avatar>,
    /// Until when and why the user may only read, if that is so.
    pub freeze: Option<Freeze>,
    /// How much the site trusts the account, if that makes a difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// A session of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The id by which the session can be ended.
    pub id: String,
    /// Whether it is the current session.
    pub is_here: bool,
    /// The browser, such as "Firefox on Linux".
    pub browser: String,
    /// The IP address at login.
    pub address: String,
    /// The time of the login.
    #[serde(with = "time::serde::timestamp")]
    pub signed_in_at: OffsetDateTime,
    /// The time of the last use, to the minute.
    #[serde(with = "time::serde::timestamp")]
    pub last_seen_at: OffsetDateTime,
}

/// The subject of a confirmation link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The address.
    pub email: String,
    /// Whether the account does not exist yet; the password chosen at registration is then required.
    pub is_new: bool,
}

/// Returns when a user registered, or `None` for an imported user without that date, which is stored as the Unix
/// epoch.
#[must_use]
pub fn since(created_at: OffsetDateTime) -> Option<OffsetDateTime> {
    (created_at > OffsetDateTime::UNIX_EPOCH).then_some(created_at)
}
