//! The kinds of elements, and the rules for their nesting (HTML standard, 13.2.6).

/// Elements without content.
pub(super) const VOID: &[&str] = &[
    "area", "base", "basefont", "br", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta",
    "param", "source", "wbr",
];
/// Elements whose tags are irrelevant to a text.
pub(super) const IGNORED: &[&str] = &["html", "head", "body", "col", "colgroup"];
pub(super) const TABLE_PARTS: &[&str] = &["caption", "tbody", "td", "tfoot", "th", "thead", "tr"];
/// The elements of a table that only contain other elements.
pub(super) const ROWS: &[&str] = &["table", "tbody", "tfoot", "thead"];
pub(super) const HEADINGS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6"];
/// Block elements, sorted. These are the elements that begin an HTML block in Markdown.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "pre",
    "script",
    "search",
    "section",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// Returns whether an element called `name` is a block.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

/// Returns whether the content of an element called `name` begins on a new line when a page is displayed.
pub(super) fn begins_a_line(name: &str) -> bool {
    const WITHIN_A_LINE: &[&str] = &[
        "base", "basefont", "frame", "iframe", "link", "menuitem", "param", "script", "style", "textarea",
        "track",
    ];
    is_block(name) && !WITHIN_A_LINE.contains(&name)
}

/// Returns the elements that are closed by the start of one called `name`, and those that limit the search for them.
pub(super) fn ended_by(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["blockquote", "menu", "ol", "table", "td", "th", "ul"]),
        "dd" | "dt" => (&["dd", "dt"], &["dl", "table", "td", "th"]),
        "tr" => (&["tr", "caption"], &["table"]),
        "td" | "th" => (&["td", "th", "caption"], &["table", "tr"]),
        "caption" | "tbody" | "tfoot" | "thead" => {
            (&["caption", "tbody", "tfoot", "thead", "tr"], &["table"])
        }
        "option" => (&["option"], &["select"]),
        "rp" | "rt" => (&["rp", "rt"], &["ruby"]),
        "a" => (&["a"], &["table", "td", "th"]),
        _ => (&[], &[]),
    }
}

/// Returns the elements that limit the search of an end tag called `name` for its start tag.
pub(super) fn barriers(name: &str) -> &'static [&'static str] {
    match name {
        "table" => &[],
        "li" => &["ol", "ul", "table", "td", "th"],
        name if TABLE_PARTS.contains(&name) => &["table"],
        _ => &["caption", "table", "td", "th"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_by_halving() {
        assert!(BLOCKS.is_sorted());
    }
}
