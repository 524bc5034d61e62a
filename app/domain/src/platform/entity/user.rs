//! Users.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use std::fmt;

use sea_orm::{ActiveValue::Set, FromQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use shared::model::{
    account::{Freeze, Role},
    profile::{ProfileDetails, shown_name},
    trust::{TrustLevel, TrustReason},
};

/// A user. The keys are the username and the address in lower case and are unique. The links are separated by line
/// breaks. At `trust_check_at`, if there is one, the user may have earned more trust.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub username: String,
    #[sea_orm(unique)]
    pub username_key: String,
    pub email: String,
    #[sea_orm(unique)]
    pub email_key: String,
    pub password_hash: PasswordHash,
    pub created_at: OffsetDateTime,
    pub about: String,
    pub picture: Option<String>,
    pub last_seen_at: Option<OffsetDateTime>,
    pub email_confirmed_at: Option<OffsetDateTime>,
    pub new_email: Option<String>,
    pub post_count: i64,
    pub latest_post_at: Option<OffsetDateTime>,
    pub latest_post_id: Option<i64>,
    pub role: Role,
    pub suspended_because: Option<String>,
    pub frozen_until: Option<OffsetDateTime>,
    pub frozen_because: Option<String>,
    pub trust: TrustLevel,
    pub trust_because: TrustReason,
    pub trust_check_at: Option<OffsetDateTime>,
    pub display_name: Option<String>,
    pub pronouns: String,
    pub location: String,
    pub website: String,
    pub links: String,
    pub biography: String,
    pub name_skeleton: Option<String>,
    pub display_name_key: Option<String>,
    #[sea_orm(has_many)]
    pub posts: HasMany<super::post::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Returns the name by which the user is shown.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        shown_name(self.display_name.as_deref(), &self.username)
    }

    /// Returns until when and why the user may only read.
    #[must_use]
    pub fn freeze(&self) -> Option<Freeze> {
        freeze(self.frozen_until, self.frozen_because.clone())
    }

    /// Returns the facts on the profile.
    #[must_use]
    pub fn details(&self) -> ProfileDetails {
        DetailColumns {
            display_name: self.display_name.clone(),
            pronouns: self.pronouns.clone(),
            location: self.location.clone(),
            website: self.website.clone(),
            links: self.links.clone(),
        }
        .into()
    }
}

/// Returns the freeze in two columns of a user.
#[must_use]
pub fn freeze(until: Option<OffsetDateTime>, reason: Option<String>) -> Option<Freeze> {
    until.map(|until| Freeze {
        until,
        reason: reason.unwrap_or_default(),
    })
}

/// The columns of the facts on a profile.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DetailColumns {
    display_name: Option<String>,
    pronouns: String,
    location: String,
    website: String,
    links: String,
}

impl From<DetailColumns> for ProfileDetails {
    fn from(columns: DetailColumns) -> Self {
        Self {
            display_name: columns.display_name,
            pronouns: columns.pronouns,
            location: columns.location,
            website: columns.website,
            links: columns.links.lines().map(str::to_owned).collect(),
        }
    }
}

/// Returns a row in which only the facts on a profile are set.
#[must_use]
pub fn with_details(details: ProfileDetails) -> ActiveModel {
    ActiveModel {
        display_name: Set(details.display_name),
        pronouns: Set(details.pronouns),
        location: Set(details.location),
        website: Set(details.website),
        links: Set(details.links.join("\n")),
        ..Default::default()
    }
}

/// A password hash as a PHC string, hidden by `Debug`.
#[derive(Clone, PartialEq, Eq, DeriveValueType, Serialize, Deserialize)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}
