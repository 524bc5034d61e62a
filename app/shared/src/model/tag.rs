//! Tags, as shown on pages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The separator of stored tags.
const COMMA: char = ',';

/// The tags of a text, unique and in the author's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<String>);

impl Tags {
    /// Creates a list of these tags without duplicates.
    #[must_use]
    pub fn from_names(names: impl IntoIterator<Item = String>) -> Self {
        let mut tags = Vec::new();
        for name in names {
            if !tags.contains(&name) {
                tags.push(name);
            }
        }
        Self(tags)
    }

    /// Parses the output of [`Tags::kept`].
    #[must_use]
    pub fn read(kept: &str) -> Self {
        let names = kept.split(COMMA).filter(|name| !name.is_empty());
        Self(names.map(str::to_owned).collect())
    }

    /// Returns the tags as they are stored, separated by commas.
    #[must_use]
    pub fn kept(&self) -> String {
        self.0.join(",")
    }

    /// Returns the names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

/// Formats the tags as authors type them.
impl fmt::Display for Tags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(", "))
    }
}

/// A tag in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagCard {
    /// The name.
    pub name: String,
    /// The number of posts with the tag.
    pub posts: u64,
}
