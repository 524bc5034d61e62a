//! Which elements there are, and how they stand to each other (HTML standard, 13.2.6).

/// Elements without content.
pub(super) const VOID: &[&str] = &[
    "area", "base", "basefont", "br", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta",
    "param", "source", "wbr",
];
/// Elements whose tags tell nothing about a text.
pub(super) const IGNORED: &[&str] = &["html", "head", "body", "col", "colgroup"];
pub(super) const TABLE_PARTS: &[&str] = &["caption", "tbody", "td", "tfoot", "th", "thead", "tr"];
/// Those of them in which there are only others.
pub(super) const ROWS: &[&str] = &["table", "tbody", "tfoot", "thead"];
pub(super) const HEADINGS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6"];
/// Elements that stand on lines of their own, in order: those that begin a block of HTML in Markdown.
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

/// Whether an element called `name` stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

/// Whether what is in an element called `name` begins on a line of its own on a page.
pub(super) fn begins_a_line(name: &str) -> bool {
    const WITHIN_A_LINE: &[&str] = &[
        "base", "basefont", "frame", "iframe", "link", "menuitem", "param", "script", "style", "textarea",
        "track",
    ];
    is_block(name) && !WITHIN_A_LINE.contains(&name)
}

/// Returns the elements that end where one called `name` begins, and those that this does not reach beyond.
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

/// Returns the elements that an end tag called `name` does not reach beyond.
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
