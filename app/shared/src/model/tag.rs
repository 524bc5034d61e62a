//! Tags, as pages show them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What stands between tags where they are kept.
const COMMA: char = ',';

/// The tags of a text, in its author's order, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<String>);

impl Tags {
    /// These names, which are tags, without repetitions.
    #[must_use]
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        let mut tags = Vec::new();
        for name in names {
            if !tags.contains(&name) {
                tags.push(name);
            }
        }
        Self(tags)
    }

    /// What [`Tags::kept`] has made.
    #[must_use]
    pub fn read(kept: &str) -> Self {
        let names = kept.split(COMMA).filter(|name| !name.is_empty());
        Self(names.map(str::to_owned).collect())
    }

    /// As they are kept: with commas between them.
    #[must_use]
    pub fn kept(&self) -> String {
        self.0.join(",")
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

/// As their author types them.
impl fmt::Display for Tags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(", "))
    }
}

/// A tag in a list of tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagCard {
    /// What it is called.
    pub name: String,
    /// How many posts have it.
    pub posts: u64,
}
