//! Converts Lexical, a tree of nodes in which Ghost stores texts since version 5, to HTML.

use serde_json::Value;

use super::{card, fields::Fields, output::Output};

/// The elements for the bits of a text format. Code is the innermost one.
const FORMATS: &[(u64, &str)] = &[
    (1, "strong"),
    (1 << 1, "em"),
    (1 << 2, "s"),
    (1 << 3, "u"),
    (1 << 5, "sub"),
    (1 << 6, "sup"),
    (1 << 7, "mark"),
    (1 << 4, "code"),
];

/// Writes `document`, which is a whole text.
pub(super) fn write(out: &mut Output, document: &Value) {
    children(out, Fields(document).within("root"));
}

fn children(out: &mut Output, node: Fields<'_>) {
    for child in node.list("children") {
        write_node(out, Fields(child));
    }
}

fn write_node(out: &mut Output, node: Fields<'_>) {
    let kind = node.text("type");
    match kind {
        "text" | "extended-text" | "tk" | "hashtag" | "code-highlight" => write_text(out, node),
        "linebreak" => out.html("<br>"),
        "tab" => out.html("\t"),
        "paragraph" => out.element("p", |out| children(out, node)),
        "heading" | "extended-heading" => out.element(heading(node), |out| children(out, node)),
        "quote" | "extended-quote" | "aside" => out.element("blockquote", |out| children(out, node)),
        "list" => list(out, node),
        "listitem" => out.element("li", |out| children(out, node)),
        "link" | "autolink" => out.link(node.text("url"), |out| children(out, node)),
        // Nodes that only the editor uses, for a link that is being typed.
        "zwnj" | "at-link" | "at-link-search" => {}
        _ if node.list("children").is_empty() => card::write(out, kind, node),
        _ => {
            children(out, node);
            out.lose_unknown(format!("element “{kind}”"));
        }
    }
}

fn heading(node: Fields<'_>) -> &'static str {
    let names = ["h1", "h2", "h3", "h4", "h5", "h6"];
    let found = names.into_iter().find(|name| node.text("tag") == *name);
    found.unwrap_or("h2")
}

fn write_text(out: &mut Output, node: Fields<'_>) {
    let format = node.number("format");
    let elements = || FORMATS.iter().filter(move |(bit, _)| format & bit != 0);
    for (_, element) in elements() {
        out.open(element, &[]);
    }
    out.text(node.raw_text("text"));
    for (_, element) in elements().rev() {
        out.close(element);
    }
}

/// Writes a list. A nested list is an item of its own, which belongs to the item before it.
fn list(out: &mut Output, node: Fields<'_>) {
    let is_numbered = node.text("listType") == "number" || node.text("tag") == "ol";
    let name = if is_numbered { "ol" } else { "ul" };
    let start = match node.number("start") {
        0 | 1 => String::new(),
        start => start.to_string(),
    };
    out.open(name, &[("start", if is_numbered { &start } else { "" })]);
    let mut is_open = false;
    for child in node.list("children").iter().map(Fields) {
        let is_list = matches!(child.list("children"), [only] if Fields(only).text("type") == "list");
        if !is_list && is_open {
            out.close("li");
        }
        if !is_list || !is_open {
            out.open("li", &[]);
        }
        is_open = true;
        if node.text("listType") == "check" && !is_list {
            out.html(if child.is_set("checked") { "☑ " } else { "☐ " });
        }
        if child.text("type") == "listitem" {
            children(out, child);
        } else {
            write_node(out, child);
        }
    }
    if is_open {
        out.close("li");
    }
    out.close(name);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(nodes: &Value) -> (String, Vec<String>) {
        let mut out = Output::default();
        write(
            &mut out,
            &json!({ "root": { "type": "root", "children": nodes } }),
        );
        let told = out.told();
        (out.html, told)
    }

    fn words(text: &str) -> Value {
        json!({ "type": "extended-text", "text": text, "format": 0, "version": 1 })
    }

    #[test]
    fn every_node_of_a_text_becomes_the_element_for_it() {
        let formats = |format: u64| json!({ "type": "text", "text": "a<", "format": format });
        for (nodes, expected) in [
            (
                json!([{ "type": "paragraph", "children": [words("a & b"), { "type": "linebreak" }, words("c")] }]),
                "<p>a &amp; b<br>c</p>",
            ),
            (
                json!([{ "type": "extended-heading", "tag": "h3", "children": [words("a")] }, { "type": "heading", "children": [] }]),
                "<h3>a</h3><h2></h2>",
            ),
            (
                json!([{ "type": "extended-quote", "children": [words("a")] }, { "type": "aside", "children": [words("b")] }]),
                "<blockquote>a</blockquote><blockquote>b</blockquote>",
            ),
            (json!([{ "type": "horizontalrule" }]), "<hr>"),
            (
                json!([{ "type": "link", "url": "/x?a=1&b=2", "children": [words("a")] }, { "type": "zwnj", "children": [] }]),
                "<a href=\"/x?a=1&amp;b=2\">a</a>",
            ),
            (
                json!([formats(1), formats(2), formats(4), formats(8)]),
                "<strong>a&lt;</strong><em>a&lt;</em><s>a&lt;</s><u>a&lt;</u>",
            ),
            (
                json!([formats(16), formats(32), formats(64), formats(128), formats(17)]),
                "<code>a&lt;</code><sub>a&lt;</sub><sup>a&lt;</sup><mark>a&lt;</mark><strong><code>a&lt;</code></strong>",
            ),
            (
                json!([{ "type": "image", "src": "/a.png", "alt": "b", "version": 1 }]),
                "<figure><img src=\"/a.png\" alt=\"b\"></figure>",
            ),
        ] {
            assert_eq!(written(&nodes), (expected.to_owned(), Vec::new()), "{nodes}");
        }
    }

    #[test]
    fn a_list_within_a_list_belongs_to_the_item_before_it() {
        let inner = json!({ "type": "list", "listType": "number", "start": 3, "children": [
            { "type": "listitem", "children": [words("b")] }] });
        let nodes = json!([{ "type": "list", "listType": "bullet", "children": [
            { "type": "listitem", "children": [words("a")] },
            { "type": "listitem", "children": [inner] },
            { "type": "listitem", "children": [words("c")] },
        ] }]);
        assert_eq!(
            written(&nodes).0,
            "<ul><li>a<ol start=\"3\"><li>b</li></ol></li><li>c</li></ul>"
        );
        let tasks = json!([{ "type": "list", "listType": "check", "children": [
            { "type": "listitem", "checked": true, "children": [words("a")] },
            { "type": "listitem", "children": [words("b")] },
        ] }]);
        assert_eq!(written(&tasks).0, "<ul><li>☑ a</li><li>☐ b</li></ul>");
    }

    #[test]
    fn an_element_that_is_not_known_keeps_its_text_and_is_named() {
        let (html, lost) = written(&json!([{ "type": "tablerow", "children": [words("a")] }]));
        assert_eq!(html, "a");
        assert_eq!(
            lost,
            ["unknown part left out, with its text kept element “tablerow”"]
        );
        assert_eq!(written(&Value::Null), (String::new(), Vec::new()));
    }
}
