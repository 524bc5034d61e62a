//! The fields of the editor for what a post carries besides its title, tags and text.

use serde::{Deserialize, Serialize};

use super::line_of;
use crate::{
    forms::{Field, FieldErrors, FieldProblem, site, web_address},
    model::{
        media::InlineImage,
        post::{Cover, PostDetails, Visibility},
    },
};

/// The maximum length of a subtitle in characters.
pub const SUBTITLE_MAX: usize = 200;
/// The maximum length of an excerpt that the author has written in characters.
pub const EXCERPT_MAX: usize = 300;
/// The maximum length of the words of an address in characters.
pub const SLUG_MAX: usize = 80;
/// The maximum length of the alternative text and of the caption of a cover in characters.
pub const COVER_TEXT_MAX: usize = 300;
/// The maximum length of the address at which a text was published first in bytes.
pub const CANONICAL_MAX: usize = 500;

/// The value of a ticked checkbox.
pub const TICKED: &str = "true";

/// The details of a post, as they were typed. A draft keeps them unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetailsForm {
    /// The name of the visibility; empty to leave it as it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub visibility: String,
    /// The line below the title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// The excerpt.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
    /// The words of the address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub slug: String,
    /// The address at which the text was published first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub canonical: String,
    /// The language.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The value of the ticked checkbox if a table of contents is shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contents: String,
    /// The cover: the address of an uploaded picture, or its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cover: String,
    /// The alternative text of the cover.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cover_alt: String,
    /// The caption of the cover.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cover_caption: String,
}

impl DetailsForm {
    /// The fields.
    pub const FIELDS: &'static [Field] = &[
        Field::Visibility,
        Field::Subtitle,
        Field::Excerpt,
        Field::Slug,
        Field::Canonical,
        Field::Language,
        Field::Contents,
        Field::Cover,
        Field::CoverAlt,
        Field::CoverCaption,
    ];

    /// Returns the form whose fields have the values that `value` returns.
    #[must_use]
    pub fn collect(value: impl Fn(Field) -> String) -> Self {
        Self {
            visibility: value(Field::Visibility),
            subtitle: value(Field::Subtitle),
            excerpt: value(Field::Excerpt),
            slug: value(Field::Slug),
            canonical: value(Field::Canonical),
            language: value(Field::Language),
            contents: value(Field::Contents),
            cover: value(Field::Cover),
            cover_alt: value(Field::CoverAlt),
            cover_caption: value(Field::CoverCaption),
        }
    }

    /// Returns the form of a post with these `details` and this `visibility`.
    #[must_use]
    pub fn of(details: PostDetails, visibility: Visibility) -> Self {
        let cover = details
            .cover
            .map(|cover| (cover.image.name, cover.alt, cover.caption));
        let (cover, cover_alt, cover_caption) = cover.unwrap_or_default();
        Self {
            visibility: visibility.name().to_owned(),
            subtitle: details.subtitle,
            excerpt: details.excerpt,
            slug: details.slug,
            canonical: details.canonical,
            language: details.language,
            contents: if details.has_contents { TICKED } else { "" }.to_owned(),
            cover,
            cover_alt,
            cover_caption,
        }
    }

    /// Parses the form that a draft keeps in the database. What an unknown version has written counts as nothing.
    #[must_use]
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// Returns the form that a draft keeps in the database: JSON, or nothing if no field is used.
    #[must_use]
    pub fn kept(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        // The type has nothing that JSON cannot represent.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the value of `field`, or `None` if it is a field of another form.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<&str> {
        Some(match field {
            Field::Visibility => &self.visibility,
            Field::Subtitle => &self.subtitle,
            Field::Excerpt => &self.excerpt,
            Field::Slug => &self.slug,
            Field::Canonical => &self.canonical,
            Field::Language => &self.language,
            Field::Contents => &self.contents,
            Field::Cover => &self.cover,
            Field::CoverAlt => &self.cover_alt,
            Field::CoverCaption => &self.cover_caption,
            _ => return None,
        })
    }

    /// Returns the details.
    ///
    /// # Errors
    ///
    /// Returns every problem of the fields.
    pub fn validate(&self) -> Result<PostDetails, FieldErrors> {
        let mut errors = FieldErrors::default();
        let details = self.checked(&mut errors);
        details.map(|(details, _)| details).ok_or(errors)
    }

    /// Returns the details, and the visibility unless it stays as it is. Adds every problem to `errors`.
    pub(super) fn checked(&self, errors: &mut FieldErrors) -> Option<(PostDetails, Option<Visibility>)> {
        let visibility = errors.take(Field::Visibility, visibility(&self.visibility));
        let subtitle = errors.take(
            Field::Subtitle,
            optional(&self.subtitle, |text| line_of(text, SUBTITLE_MAX)),
        );
        let excerpt = errors.take(Field::Excerpt, optional(&self.excerpt, excerpt));
        let slug = errors.take(Field::Slug, optional(&self.slug, slug));
        let canonical = errors.take(Field::Canonical, optional(&self.canonical, canonical));
        let language = errors.take(Field::Language, optional(&self.language, site::language));
        let cover_text = |text: &str| optional(text, |text| line_of(text, COVER_TEXT_MAX));
        let alt = errors.take(Field::CoverAlt, cover_text(&self.cover_alt));
        let caption = errors.take(Field::CoverCaption, cover_text(&self.cover_caption));
        let image = errors.take(Field::Cover, cover(&self.cover));
        let (alt, caption) = (alt?, caption?);
        let details = PostDetails {
            subtitle: subtitle?,
            excerpt: excerpt?,
            slug: slug?,
            canonical: canonical?,
            language: language?,
            has_contents: !self.contents.is_empty(),
            cover: image?.map(|image| Cover { image, alt, caption }),
        };
        Some((details, visibility?))
    }

    /// Returns the picture of the cover, if one is chosen.
    #[must_use]
    pub fn cover_image(&self) -> Option<InlineImage> {
        cover(&self.cover).ok().flatten()
    }

    /// Checks only that nothing is too long to be kept.
    pub(super) fn fits(&self, errors: &mut FieldErrors) -> Option<()> {
        const MOST: usize = 1_000;
        let mut fits = Some(());
        for field in Self::FIELDS.iter().copied() {
            let text = self.value(field).unwrap_or_default();
            if text.chars().count() > MOST {
                errors.add(field, FieldProblem::TooLong(MOST));
                fits = None;
            }
        }
        fits
    }
}

/// Validates a text that may be empty.
fn optional(
    text: &str,
    check: impl FnOnce(&str) -> Result<String, FieldProblem>,
) -> Result<String, FieldProblem> {
    match text.trim() {
        "" => Ok(String::new()),
        text => check(text),
    }
}

fn visibility(name: &str) -> Result<Option<Visibility>, FieldProblem> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = Visibility::ALL
        .into_iter()
        .find(|visibility| visibility.name() == name);
    found.map(Some).ok_or(FieldProblem::NotAChoice)
}

/// Returns an excerpt with its line breaks as spaces.
fn excerpt(text: &str) -> Result<String, FieldProblem> {
    let words: Vec<&str> = text.split_whitespace().collect();
    line_of(&words.join(" "), EXCERPT_MAX)
}

/// Returns the words of an address, from which the server makes the address itself.
fn slug(text: &str) -> Result<String, FieldProblem> {
    let words = line_of(text, SLUG_MAX)?;
    if words.contains(char::is_alphanumeric) {
        Ok(words)
    } else {
        Err(FieldProblem::NoLetter)
    }
}

fn canonical(text: &str) -> Result<String, FieldProblem> {
    web_address::parse_within(text, CANONICAL_MAX)
}

/// Returns the picture whose address or name is `text`. Whether it is there is known to the server only.
fn cover(text: &str) -> Result<Option<InlineImage>, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let name = text.rsplit('/').next().unwrap_or(text).trim_end_matches(')');
    InlineImage::named(name)
        .map(Some)
        .ok_or(FieldProblem::NotUploaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(form: &DetailsForm) -> Result<(PostDetails, Option<Visibility>), FieldErrors> {
        let mut errors = FieldErrors::default();
        form.checked(&mut errors).ok_or(errors)
    }

    #[test]
    fn an_empty_form_means_no_details() {
        assert_eq!(
            checked(&DetailsForm::default()),
            Ok((PostDetails::default(), None))
        );
    }

    #[test]
    fn the_form_of_a_post_has_the_same_details() {
        let form = DetailsForm {
            visibility: "members".to_owned(),
            subtitle: " A second line ".to_owned(),
            excerpt: "In\r\nshort".to_owned(),
            slug: "My words".to_owned(),
            canonical: "example.org/first".to_owned(),
            language: "de-CH".to_owned(),
            contents: TICKED.to_owned(),
            cover: "/media/image/0a1b-2c3d-1200-800.jpg".to_owned(),
            cover_alt: "A lake".to_owned(),
            cover_caption: String::new(),
        };
        let (details, visibility) = checked(&form).expect("valid");
        assert_eq!(visibility, Some(Visibility::Members));
        assert_eq!(
            (details.subtitle.as_str(), details.excerpt.as_str()),
            ("A second line", "In short")
        );
        assert_eq!(details.canonical, "https://example.org/first");
        let again = checked(&DetailsForm::of(details.clone(), Visibility::Members));
        assert_eq!(again, Ok((details, visibility)));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let form = DetailsForm {
            visibility: "secret".to_owned(),
            subtitle: "a".repeat(SUBTITLE_MAX + 1),
            excerpt: "a ".repeat(EXCERPT_MAX),
            slug: "!!!".to_owned(),
            canonical: "not an address".to_owned(),
            language: "english".to_owned(),
            contents: String::new(),
            cover: "lake.jpg".to_owned(),
            cover_alt: "a\nb".to_owned(),
            cover_caption: "a".repeat(COVER_TEXT_MAX + 1),
        };
        let errors = checked(&form).expect_err("wrong");
        for field in [
            Field::Visibility,
            Field::Subtitle,
            Field::Excerpt,
            Field::Slug,
            Field::Canonical,
            Field::Language,
            Field::Cover,
            Field::CoverAlt,
            Field::CoverCaption,
        ] {
            assert!(errors.for_field(field).is_some(), "{field:?}");
        }
    }

    #[test]
    fn a_draft_keeps_what_is_wrong_as_well() {
        let form = DetailsForm {
            canonical: "not an address".to_owned(),
            contents: TICKED.to_owned(),
            ..DetailsForm::default()
        };
        assert_eq!(DetailsForm::read(&form.kept()), form);
        assert_eq!(DetailsForm::default().kept(), "");
        assert_eq!(form.fits(&mut FieldErrors::default()), Some(()));
        let long = DetailsForm {
            excerpt: "a".repeat(1_001),
            ..form
        };
        assert_eq!(long.fits(&mut FieldErrors::default()), None);
    }
}
