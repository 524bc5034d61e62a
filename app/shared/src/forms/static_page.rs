//! The form of a static page.

use serde::{Deserialize, Serialize};

use super::{
    Field, FieldErrors, FieldProblem, Form, number, of_length,
    post::{self, CONTENT_MAX, Intent},
    reserved,
};
use crate::model::static_page::Place;

/// The maximum length of an address in characters.
pub const ADDRESS_MAX: usize = 64;

/// The form of a static page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StaticPageForm {
    /// The intent. [`Intent::Save`] leaves a draft a draft and a published page published.
    pub intent: Intent,
    /// The id of the page that is changed.
    #[serde(deserialize_with = "number::optional")]
    pub id: Option<i64>,
    /// The version on which the text is based.
    #[serde(deserialize_with = "number::required")]
    pub version: i64,
    /// The title.
    pub title: String,
    /// The address, with or without a slash before it.
    pub address: String,
    /// The name of a [`Place`].
    pub place: String,
    /// The Markdown source.
    pub content: String,
    /// The maximum number of characters of the text if that exceeds [`CONTENT_MAX`]: the length that it had.
    /// Use-cases compare it with the stored text.
    #[serde(deserialize_with = "number::required")]
    pub content_max: i64,
}

/// A valid static page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaticPage {
    /// The intent.
    pub intent: Intent,
    /// The id of the page that is changed.
    pub id: Option<i64>,
    /// The version on which the text is based.
    pub version: i64,
    /// The title, a single line.
    pub title: String,
    /// The address. Only the use-case knows whether it is that of the page already, and may then be reserved.
    pub slug: String,
    /// Where it is linked.
    pub place: Place,
    /// The Markdown source, with LF line endings.
    pub content: String,
}

impl Form for StaticPageForm {
    type Valid = NewStaticPage;

    fn validate(&self) -> Result<NewStaticPage, FieldErrors> {
        let limit = usize::try_from(self.content_max)
            .unwrap_or_default()
            .max(CONTENT_MAX);
        let mut errors = FieldErrors::default();
        let title = errors.take(Field::Title, post::title(&self.title));
        let content = errors.take(Field::Content, post::content(&self.content, limit));
        let slug = errors.take(Field::Address, address(&self.address));
        match (title, content, slug) {
            (Some(title), Some(content), Some(slug)) => Ok(NewStaticPage {
                intent: self.intent,
                id: self.id,
                version: self.version,
                title,
                slug,
                place: Place::named(&self.place).unwrap_or_default(),
                content,
            }),
            _ => Err(errors),
        }
    }
}

/// Returns the slug in an address as it was typed.
pub(super) fn address(typed: &str) -> Result<String, FieldProblem> {
    let slug = typed.trim().trim_matches('/').to_ascii_lowercase();
    of_length(&slug, 1, ADDRESS_MAX)?;
    if is_slug(&slug) {
        Ok(slug)
    } else {
        Err(FieldProblem::AddressCharacters)
    }
}

/// Returns whether `name` has the form of a slug: a–z, 0–9 and hyphens between them.
#[must_use]
pub fn is_slug(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=ADDRESS_MAX).contains(&name.len())
        && name.bytes().all(is_plain)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Checks that a new static page may have the address `slug`.
///
/// # Errors
///
/// Returns [`FieldProblem::Reserved`] if the site uses it, or is likely to.
pub fn require_free(slug: &str) -> Result<(), FieldErrors> {
    if reserved::is_reserved_for_program(slug) {
        return Err(FieldErrors::one(Field::Address, FieldProblem::Reserved));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(typed: &str) -> Option<FieldProblem> {
        address(typed).err()
    }

    #[test]
    fn an_address_is_one_plain_segment() {
        for (typed, slug) in [
            ("imprint", "imprint"),
            (" /Imprint/ ", "imprint"),
            ("terms-2026", "terms-2026"),
            (&"a".repeat(64), &"a".repeat(64)),
        ] {
            assert_eq!(address(typed).as_deref(), Ok(slug));
        }
        assert_eq!(problem(" / "), Some(FieldProblem::Required));
        assert_eq!(problem(&"a".repeat(65)), Some(FieldProblem::TooLong(64)));
        for bad in [
            "a/b", "a b", "é", "a_b", "a.html", "-a", "a-", "..", "a?b", "a%20b",
        ] {
            assert_eq!(problem(bad), Some(FieldProblem::AddressCharacters), "{bad}");
        }
    }

    #[test]
    fn every_problem_of_a_page_is_reported_at_once() {
        let errors = StaticPageForm::default().validate().expect_err("an empty form");
        for field in [Field::Title, Field::Content, Field::Address] {
            assert!(errors.for_field(field).is_some(), "{field:?}");
        }
    }
}
