//! Extracts the visible content of HTML.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Node};

/// A part of the visible content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// The beginning or the end of an element.
    Edge(String),
    /// The space between paragraphs.
    Gap,
    Break,
    Space,
    /// A position within a word at which a line may be broken.
    WordBreak,
    /// Text with its formatting.
    Text(String, BTreeSet<String>),
}

/// Returns the visible content of `html`. It may be the same for different HTML.
pub(super) fn seen(html: &str) -> Vec<Seen> {
    let document = Html::parse_fragment(html);
    let mut parts = Vec::new();
    walk(document.root_element(), &BTreeSet::new(), false, &mut parts);
    let mut before = 0;
    while before != parts.len() {
        before = parts.len();
        parts = tidy(parts);
    }
    parts
}

fn walk(element: ElementRef<'_>, looks: &BTreeSet<String>, is_whole: bool, parts: &mut Vec<Seen>) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) if is_whole => parts.push(Seen::Text(text.to_string(), BTreeSet::new())),
            Node::Text(text) => {
                for (number, word) in text.split([' ', '\n', '\u{a0}']).enumerate() {
                    if number > 0 {
                        parts.push(Seen::Space);
                    }
                    if !word.is_empty() {
                        parts.push(Seen::Text(word.to_owned(), looks.clone()));
                    }
                }
            }
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    walk_element(child, looks, is_whole, parts);
                }
            }
            _ => {}
        }
    }
}

fn walk_element(element: ElementRef<'_>, looks: &BTreeSet<String>, is_whole: bool, parts: &mut Vec<Seen>) {
    let attribute = |name| element.value().attr(name).unwrap_or_default();
    let name = match element.value().name() {
        // The level of a heading may change, because it depends on the headings before it.
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "h",
        "th" | "td" => "td",
        "b" => "strong",
        "i" => "em",
        "s" | "strike" => "del",
        name => name,
    };
    let mut looks = looks.clone();
    match name {
        "br" => parts.push(Seen::Break),
        "wbr" => parts.push(Seen::WordBreak),
        "hr" => parts.push(Seen::Edge("hr".to_owned())),
        "img" => parts.push(Seen::Text(
            format!(
                "img {} {}",
                attribute("src"),
                attribute("alt").split_whitespace().collect::<Vec<_>>().join(" ")
            ),
            looks.into_iter().filter(|look| look.starts_with("a ")).collect(),
        )),
        // A figure without a caption is equivalent to its content.
        "p" | "div" | "section" | "figure" => {
            parts.push(Seen::Gap);
            walk(element, &looks, is_whole, parts);
            parts.push(Seen::Gap);
        }
        "blockquote" | "details" | "summary" | "dl" | "dt" | "dd" | "figcaption" | "h" | "ol" | "pre"
        | "table" | "td" | "tr" | "ul" | "li" | "caption" => {
            // Headings and header cells are displayed in bold type by default.
            if element.value().name() == "th" || name == "h" {
                looks.insert("strong".to_owned());
            }
            let told = match name {
                "ol" if !["", "1"].contains(&attribute("start")) => attribute("start"),
                "td" => attribute("colspan"),
                _ => "",
            };
            parts.push(Seen::Edge(format!("<{name}{told}>")));
            walk(element, &looks, is_whole || name == "pre", parts);
            parts.push(Seen::Edge(format!("</{name}>")));
        }
        "thead" | "tbody" | "tfoot" | "span" | "html" => walk(element, &looks, is_whole, parts),
        "code" if is_whole => walk(element, &looks, is_whole, parts),
        name => {
            looks.insert(match name {
                "a" => format!("a {}", attribute("href")),
                "abbr" | "bdo" => format!("{name} {}{}", attribute("title"), attribute("dir")),
                name => name.to_owned(),
            });
            walk(element, &looks, is_whole, parts);
        }
    }
}

/// Returns `parts` without invisible differences.
fn tidy(parts: Vec<Seen>) -> Vec<Seen> {
    let mut kept: Vec<Seen> = Vec::new();
    for part in parts {
        let last = kept.last().cloned();
        match (last, part) {
            // Space at the edges, and word breaks next to space, are invisible.
            (None | Some(Seen::Space | Seen::Gap | Seen::Break | Seen::Edge(_)), Seen::Space)
            | (None | Some(Seen::Gap | Seen::Edge(_)), Seen::Gap | Seen::Break)
            | (
                None | Some(Seen::Space | Seen::Gap | Seen::Break | Seen::WordBreak | Seen::Edge(_)),
                Seen::WordBreak,
            ) => {}
            (Some(Seen::Space | Seen::WordBreak), part @ (Seen::Break | Seen::Gap | Seen::Edge(_)))
            | (Some(Seen::WordBreak), part @ Seen::Space)
            | (Some(Seen::Break | Seen::Gap), part @ Seen::Edge(_)) => {
                kept.pop();
                kept.push(part);
            }
            // Two line breaks separate paragraphs.
            (Some(Seen::Break), Seen::Break | Seen::Gap) => {
                kept.pop();
                kept.push(Seen::Gap);
            }
            // A line break at the end of code is invisible.
            (Some(Seen::Text(text, looks)), Seen::Edge(end)) if end == "</pre>" && text.ends_with('\n') => {
                kept.pop();
                kept.push(Seen::Text(text.trim_end_matches('\n').to_owned(), looks));
                kept.push(Seen::Edge(end));
            }
            (Some(Seen::Text(text, looks)), Seen::Text(more, others)) if looks == others => {
                kept.pop();
                kept.push(Seen::Text(text + &more, looks));
            }
            // Elements without content are invisible, except for cells and list items.
            (Some(Seen::Edge(begin)), Seen::Edge(end))
                if !begin.starts_with("</")
                    && end == begin.replace('<', "</")
                    && !["</li>", "</td>"].contains(&end.as_str()) =>
            {
                kept.pop();
            }
            // Missing cells are equivalent to empty ones.
            (Some(Seen::Edge(before)), Seen::Edge(end)) if end == "</tr>" && before == "</td>" => {
                while let [.., Seen::Edge(begin), Seen::Edge(ended)] = kept.as_slice()
                    && begin == "<td>"
                    && ended == "</td>"
                {
                    kept.truncate(kept.len() - 2);
                }
                kept.push(Seen::Edge(end));
            }
            (_, part) => kept.push(part),
        }
    }
    while matches!(
        kept.last(),
        Some(Seen::Space | Seen::Break | Seen::Gap | Seen::WordBreak)
    ) {
        kept.pop();
    }
    kept
}
