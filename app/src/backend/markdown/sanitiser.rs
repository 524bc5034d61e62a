//! What may be in a post: elements that carry text, structure or a picture; nothing that runs, styles or submits.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

use super::highlight::Kind;

/// Begins every id in a post, so that none is one of the page's own.
pub(super) const ID_PREFIX: &str = "in-";

const ELEMENTS: [&str; 32] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "ul",
];
const TABLE_PARTS: [&str; 5] = ["thead", "tbody", "tr", "th", "td"];
/// Elements that something in the text leads to.
const TARGETS: [&str; 7] = ["h2", "h3", "h4", "h5", "h6", "li", "sup"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(builder);

fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.into_iter().chain(TABLE_PARTS).collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "textarea", "noscript", "template",
        ]))
        .add_tag_attributes("a", ["href", "title", "aria-label"])
        .add_tag_attributes("img", ["src", "alt", "title", "width", "height", "loading"])
        .add_tag_attributes("ol", ["start"])
        .allowed_classes(HashMap::from([
            ("a", HashSet::from(["anchor", "footnote-back"])),
            (
                "span",
                Kind::ALL.map(Kind::class).into_iter().chain(["task"]).collect(),
            ),
            ("section", HashSet::from(["footnotes"])),
            ("th", ALIGNMENTS.into_iter().collect()),
            ("td", ALIGNMENTS.into_iter().collect()),
        ]))
        .id_prefix(Some(ID_PREFIX))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        // Long texts with many pictures are there before all of these are.
        .set_tag_attribute_value("img", "loading", "lazy")
        // `external` has the router leave the link to the browser, which knows every address of the site.
        .link_rel(Some("nofollow ugc noopener external"));
    for target in TARGETS {
        builder.add_tag_attributes(target, ["id"]);
    }
    builder
}

/// Where the text of a table's column stands.
pub(super) const ALIGNMENTS: [&str; 3] = ["left", "center", "right"];

/// `html` without what may not be in a post.
pub(super) fn clean(html: &str) -> String {
    SANITISER.clean(html).to_string()
}
