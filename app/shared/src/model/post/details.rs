//! The details of a post: subtitle, cover and so on.

use serde::{Deserialize, Serialize};

use crate::model::media::InlineImage;

/// The parts of a post besides its title, tags and text. Each is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostDetails {
    /// The line below the title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// The excerpt that the author has written, instead of the beginning of the text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
    /// The words of the address that the author has chosen, instead of those of the title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub slug: String,
    /// The address at which the text was published first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub canonical: String,
    /// The language (BCP 47), if it is not that of the site.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// Whether a table of contents is shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_contents: bool,
    /// The cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
}

/// The picture above a post and on its card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// The uploaded picture.
    pub image: InlineImage,
    /// The alternative text, which may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// The caption, which may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption: String,
}

impl PostDetails {
    /// Parses the form that is kept in the database. What an unknown version has written counts as nothing.
    #[must_use]
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// Returns the form that is kept in the database: JSON, or nothing if no part is used.
    #[must_use]
    pub fn kept(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        // The types have nothing that JSON cannot represent.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the excerpt that the author has written, or else `beginning`, which is that of the text.
    #[must_use]
    pub fn excerpt_or(&self, beginning: String) -> String {
        if self.excerpt.is_empty() {
            beginning
        } else {
            self.excerpt.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_read_as_they_were_kept() {
        let details = PostDetails {
            subtitle: "A “second” line".to_owned(),
            has_contents: true,
            cover: InlineImage::named("0a1b-2c3d-1200-800.jpg").map(|image| Cover {
                image,
                alt: "A lake".to_owned(),
                caption: String::new(),
            }),
            ..PostDetails::default()
        };
        assert_eq!(PostDetails::read(&details.kept()), details);
        assert_eq!(PostDetails::default().kept(), "");
        for bad in ["", "{", "[]", "{\"subtitle\":1}"] {
            assert_eq!(PostDetails::read(bad), PostDetails::default(), "{bad}");
        }
    }
}
