//! The allow-list of HTML in posts: elements for text, structure and images; nothing that executes, styles or
//! submits.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

use super::{
    elements::{self, Trait},
    highlight::Kind,
};
use shared::{model::media::IMAGE_SIZES, paths};

/// The prefix of every id in a post, so that it cannot collide with one of the page.
pub(super) const ID_PREFIX: &str = "in-";

/// The URL schemes that links may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(builder);
static WITH_COMMENTS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder();
    builder.strip_comments(false);
    builder
});

static COMMENTS: LazyLock<Builder<'static>> = LazyLock::new(comment_builder);

/// The elements of comments.
const COMMENT_ELEMENTS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
];

/// Returns the sanitiser of comments. They have no ids, because there are many on a page.
fn comment_builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(COMMENT_ELEMENTS.iter().copied().collect())
        .add_tag_attributes("a", ["href", "title"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(SCHEMES.iter().copied().collect())
        .link_rel(Some("ugc nofollow noopener external"));
    builder
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(elements::all().collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "textarea", "noscript", "template",
        ]))
        .add_tag_attributes("a", ["href", "name", "title", "aria-label"])
        .add_tag_attributes("abbr", ["title"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes(
            "img",
            [
                "src", "alt", "title", "width", "height", "loading", "srcset", "sizes",
            ],
        )
        .add_tag_attributes("ol", ["start"])
        .allowed_classes(HashMap::from([
            ("a", HashSet::from(["anchor", "footnote-back"])),
            (
                "span",
                Kind::ALL.map(Kind::class).into_iter().chain(["task"]).collect(),
            ),
            ("section", HashSet::from(["footnotes"])),
            ("th", ALIGNMENTS.iter().copied().collect()),
            ("td", ALIGNMENTS.iter().copied().collect()),
        ]))
        .id_prefix(Some(ID_PREFIX))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "name") => Some(prefixed(value, "")),
            ("a", "href") if value.len() > 1 && value.starts_with('#') => Some(prefixed(value, "#")),
            (_, "colspan" | "rowspan") if !value.parse().is_ok_and(|cells: u8| cells > 0) => None,
            ("img", "srcset") if !is_ours(value) => None,
            ("img", "sizes") if value != IMAGE_SIZES => None,
            // `auto` is the default for each part.
            (_, "dir") if !["ltr", "rtl"].contains(&value) => None,
            _ => Some(value.into()),
        })
        .add_generic_attributes(["dir"])
        .url_schemes(SCHEMES.iter().copied().collect())
        // Images below the fold are loaded when they are scrolled to.
        .set_tag_attribute_value("img", "loading", "lazy")
        // `external` makes the client's router leave the link to the browser.
        .link_rel(Some("nofollow ugc noopener external"));
    for target in elements::with(Trait::Target) {
        builder.add_tag_attributes(target, ["id"]);
    }
    for cell in elements::with(Trait::Cell) {
        builder.add_tag_attributes(cell, ["colspan", "rowspan"]);
    }
    builder
}

/// Returns whether `widths` are those of an image of this site.
fn is_ours(widths: &str) -> bool {
    let own = widths.split(' ').rev().nth(1).and_then(paths::image_at);
    own.and_then(|image| paths::image_widths(&image)).as_deref() == Some(widths)
}

/// Returns `value`, which begins with `sign`, with the id prefix.
fn prefixed<'a>(value: &'a str, sign: &str) -> Cow<'a, str> {
    let name = value.strip_prefix(sign).unwrap_or(value);
    if name.starts_with(ID_PREFIX) {
        return value.into();
    }
    format!("{sign}{ID_PREFIX}{name}").into()
}

/// Returns whether a link may lead to `url`: its scheme (RFC 3986, 3.1) is allowed, or it has none. Line breaks and
/// tabs are ignored, as in browsers.
pub(super) fn has_allowed_scheme(url: &str) -> bool {
    let begin: String = url
        .trim_start_matches(|character: char| character <= ' ')
        .chars()
        .take_while(|character| *character != ':')
        .filter(|character| !['\t', '\n', '\r'].contains(character))
        .collect();
    let is_scheme = url.contains(':')
        && begin.starts_with(|first: char| first.is_ascii_alphabetic())
        && begin
            .chars()
            .all(|part| part.is_ascii_alphanumeric() || "+-.".contains(part));
    !is_scheme || SCHEMES.iter().any(|allowed| begin.eq_ignore_ascii_case(allowed))
}

/// The classes for the alignment of table columns.
pub(super) const ALIGNMENTS: &[&str] = &["left", "center", "right"];

/// Sanitises `html`.
pub(super) fn clean(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

/// Sanitises the `html` of a comment on a post.
pub(super) fn clean_comment(html: &str) -> String {
    COMMENTS.clean(html).to_string()
}

/// Sanitises `html` but keeps comments, for HTML that is sanitised again.
pub(super) fn clean_with_comments(html: &str) -> String {
    WITH_COMMENTS.clean(html).to_string()
}
