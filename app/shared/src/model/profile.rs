//! Profiles, and the names by which people are shown.

use serde::{Deserialize, Serialize};

use super::account::Role;

/// Returns the name by which a user is shown: the display name, or else the username.
#[must_use]
pub fn shown_name<'name>(display_name: Option<&'name str>, username: &'name str) -> &'name str {
    display_name.unwrap_or(username)
}

/// The optional facts on a profile. Those that are not given are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileDetails {
    /// The display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The pronouns.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pronouns: String,
    /// The location.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub location: String,
    /// The web address of the web site.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub website: String,
    /// The web addresses of other profiles and pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// The name that a user’s can be confused with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resemblance {
    /// The name of a user with a higher role.
    Person {
        /// The name that the other one looks like: the username or the display name.
        name: String,
        /// The username of that user.
        username: String,
        /// The role of that user.
        role: Role,
    },
    /// The name of a role.
    Role,
}
