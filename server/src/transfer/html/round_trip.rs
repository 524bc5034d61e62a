//! Whatever is seen of a text in HTML is seen of it after it has become Markdown and was rendered.

use std::{collections::BTreeSet, fmt::Write as _};

use app::backend::markdown::{Rendered, elements};
use fastrand::Rng;
use scraper::{ElementRef, Html, Node};

use super::to_markdown;

/// Texts that are tried.
const TEXTS: u64 = 3_000;
/// Elements that stand on lines of their own, with lines or others in them.
const BLOCKS: &[&str] = &[
    "blockquote",
    "details",
    "div",
    "dl",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];
/// Elements that stand in others of one kind alone.
const PARTS: &[&str] = &[
    "caption",
    "dd",
    "dt",
    "figcaption",
    "li",
    "rp",
    "rt",
    "summary",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];
/// Words, many of which are marks in Markdown or HTML.
const WORDS: &[&str] = &[
    "a",
    "word",
    "Été",
    "日本",
    "「重要」",
    "。",
    "---",
    "***",
    "1)",
    "2.",
    "1986.",
    "#",
    "##",
    "*",
    "**b**",
    "_x_",
    "a_b",
    "[x]",
    "[^1]",
    "[y](z)",
    "![",
    "]",
    "|",
    "~~c~~",
    "~",
    "&gt;",
    "&lt;b&gt;",
    "&amp;lt;",
    "&amp;copy;",
    "R&amp;D",
    "\\",
    "`",
    "``",
    "+",
    "-",
    "=",
    "===",
    "\"q\"",
    "(p)",
    ":--",
];

struct Generator {
    random: Rng,
    /// What may stand in a line: whatever a post may have beside blocks and parts of others.
    inline: Vec<&'static str>,
}

impl Generator {
    fn new() -> Self {
        let inline = elements().filter(|name| !BLOCKS.contains(name) && !PARTS.contains(name));
        Self {
            random: Rng::with_seed(0),
            inline: inline.collect(),
        }
    }

    fn words(&mut self) -> String {
        let mut words = String::new();
        for number in 0..self.random.usize(1..4) {
            if number > 0 && self.random.bool() {
                words.push(' ');
            }
            words.push_str(self.random.choice(WORDS).copied().unwrap_or_default());
        }
        words
    }

    fn line(&mut self, depth: usize, is_linked: bool) -> String {
        let mut html = String::new();
        for _ in 0..self.random.usize(1..4) {
            match self.random.usize(0..10) {
                0..4 => html.push_str(&self.words()),
                4 => html.push(' '),
                _ if depth > 0 => {
                    let name = self.random.choice(&self.inline).copied().unwrap_or("b");
                    if name != "a" || !is_linked {
                        html.push_str(&self.inline(name, depth - 1, is_linked));
                    }
                }
                _ => html.push_str(&self.words()),
            }
        }
        html
    }

    fn inline(&mut self, name: &str, depth: usize, is_linked: bool) -> String {
        let words = self.words();
        let quoted = words.replace('"', "&quot;");
        let attributes = match name {
            "br" | "wbr" => return format!("<{name}>"),
            "img" => return format!("<img src=\"/p_(1).png\" alt=\"{quoted}\">"),
            "ruby" => return format!("<ruby>漢<rp>(</rp><rt>{words}</rt><rp>)</rp></ruby>"),
            "a" => " href=\"https://a.example/x?y=1&amp;z=(2)_3\"".to_owned(),
            "abbr" if self.random.bool() => format!(" title=\"{quoted}\""),
            "bdo" => " dir=\"rtl\"".to_owned(),
            _ => String::new(),
        };
        let content = self.line(depth, is_linked || name == "a");
        format!("<{name}{attributes}>{content}</{name}>")
    }

    fn blocks(&mut self, depth: usize) -> String {
        (0..self.random.usize(1..4)).map(|_| self.block(depth)).collect()
    }

    /// Makes the content of an item or a cell: a line, or blocks.
    fn content(&mut self, depth: usize) -> String {
        match self.random.usize(0..6) {
            0 if depth > 0 => self.blocks(depth - 1),
            1 if depth > 0 => self.line(2, false) + &self.block(depth - 1),
            2 if self.random.bool() => String::new(),
            _ => self.line(2, false),
        }
    }

    fn block(&mut self, depth: usize) -> String {
        let name = if depth == 0 {
            "p"
        } else {
            self.random.choice(BLOCKS).copied().unwrap_or("p")
        };
        match name {
            "hr" => "<hr>".to_owned(),
            "pre" => {
                let lines: Vec<String> = (0..self.random.usize(1..4))
                    .map(|_| {
                        format!(
                            "{}{}",
                            " ".repeat(self.random.usize(0..5)),
                            self.random
                                .choice(["", "x", "```", "&lt;a&gt;", "- y"])
                                .unwrap_or_default()
                        )
                    })
                    .collect();
                format!("<pre>z{}</pre>", lines.join("\n"))
            }
            "ul" | "ol" => {
                let start = if name == "ol" && self.random.bool() {
                    " start=\"7\""
                } else {
                    ""
                };
                let mut items = String::new();
                for _ in 0..self.random.usize(1..4) {
                    let _ = writeln!(items, "<li>{}</li>", self.content(depth));
                }
                format!("<{name}{start}>{items}</{name}>")
            }
            "dl" => format!(
                "<dl><dt>{}</dt><dd>{}</dd></dl>",
                self.line(1, false),
                self.content(depth)
            ),
            "table" => self.table(depth),
            "figure" => format!(
                "<figure>{}<figcaption>{}</figcaption></figure>",
                self.block(0),
                self.line(1, false)
            ),
            "details" => format!(
                "<details><summary>{}</summary>{}</details>",
                self.line(1, false),
                self.blocks(depth - 1)
            ),
            "blockquote" | "div" | "section" => format!("<{name}>{}</{name}>", self.blocks(depth - 1)),
            name => format!("<{name}>{}</{name}>", self.line(3, false)),
        }
    }

    fn table(&mut self, depth: usize) -> String {
        let columns = self.random.usize(1..4);
        let row = |name: &str, this: &mut Self| {
            let mut cells = String::new();
            for number in 0..columns {
                let name = if number == 0 && this.random.usize(0..4) == 0 {
                    "th"
                } else {
                    name
                };
                let spans = if this.random.usize(0..9) == 0 {
                    " colspan=\"2\""
                } else {
                    ""
                };
                let is_deep = this.random.usize(0..4) == 0;
                let content = this.content(if is_deep { depth } else { 0 });
                let _ = write!(cells, "<{name}{spans}>{content}</{name}>");
            }
            format!("<tr>{cells}</tr>")
        };
        let head = if self.random.bool() {
            format!("<thead>{}</thead>", row("th", self))
        } else {
            String::new()
        };
        let rows: String = (0..self.random.usize(1..4)).map(|_| row("td", self)).collect();
        let foot = if self.random.usize(0..5) == 0 {
            format!("<tfoot>{}</tfoot>", row("td", self))
        } else {
            String::new()
        };
        let caption = if self.random.usize(0..5) == 0 {
            format!("<caption>{}</caption>", self.line(1, false))
        } else {
            String::new()
        };
        format!("<table>{caption}{head}<tbody>{rows}</tbody>{foot}</table>")
    }
}

/// A part of what is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// The beginning or the end of an element.
    Edge(String),
    /// Between paragraphs.
    Gap,
    Break,
    Space,
    /// Where a line may end within a word.
    WordBreak,
    /// Text, and how it looks.
    Text(String, BTreeSet<String>),
}

/// Returns the visible content of `html`: two texts of which the same is seen may be different HTML.
fn seen(html: &str) -> Vec<Seen> {
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
        // The level of a heading follows from those before it.
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
        // Without a caption, a figure is what is in it.
        "p" | "div" | "section" | "figure" => {
            parts.push(Seen::Gap);
            walk(element, &looks, is_whole, parts);
            parts.push(Seen::Gap);
        }
        "blockquote" | "details" | "summary" | "dl" | "dt" | "dd" | "figcaption" | "h" | "ol" | "pre"
        | "table" | "td" | "tr" | "ul" | "li" | "caption" => {
            // Headings of columns and rows are strong by themselves.
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

/// `parts` without what makes no difference.
fn tidy(parts: Vec<Seen>) -> Vec<Seen> {
    let mut kept: Vec<Seen> = Vec::new();
    for part in parts {
        let last = kept.last().cloned();
        match (last, part) {
            // Space at the edges; of words that are apart, nothing need be broken.
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
            // Two breaks part paragraphs.
            (Some(Seen::Break), Seen::Break | Seen::Gap) => {
                kept.pop();
                kept.push(Seen::Gap);
            }
            // The last line of code may end.
            (Some(Seen::Text(text, looks)), Seen::Edge(end)) if end == "</pre>" && text.ends_with('\n') => {
                kept.pop();
                kept.push(Seen::Text(text.trim_end_matches('\n').to_owned(), looks));
                kept.push(Seen::Edge(end));
            }
            (Some(Seen::Text(text, looks)), Seen::Text(more, others)) if looks == others => {
                kept.pop();
                kept.push(Seen::Text(text + &more, looks));
            }
            // Nothing is in it: a row's cells and a list's items are there all the same.
            (Some(Seen::Edge(begin)), Seen::Edge(end))
                if !begin.starts_with("</")
                    && end == begin.replace('<', "</")
                    && !["</li>", "</td>"].contains(&end.as_str()) =>
            {
                kept.pop();
            }
            // Missing cells are empty ones.
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

#[test]
fn what_is_seen_of_any_text_is_seen_after_it_was_imported() {
    let mut wrong = Vec::new();
    let mut missing: BTreeSet<&str> = elements().collect();
    let mut generator = Generator::new();
    for seed in 0..TEXTS {
        generator.random = Rng::with_seed(seed);
        let html = generator.blocks(3);
        missing.retain(|name| !html.contains(&format!("<{name}>")) && !html.contains(&format!("<{name} ")));
        let markdown = to_markdown(&html, None).expect("converted").markdown;
        let rendered = Rendered::of(&markdown).html;
        if seen(&html) != seen(&rendered) {
            wrong.push((html.len(), seed, html, markdown, rendered));
        }
    }
    assert!(missing.is_empty(), "in none of the texts: {missing:?}");
    // The shortest one tells most.
    let count = wrong.len();
    wrong.sort();
    for (_, seed, html, markdown, rendered) in wrong.iter().take(4) {
        println!(
            "seed {seed}\n{html}\n--- as Markdown\n{markdown}\n--- rendered\n{rendered}\n--- before\n{:?}\n--- after\n{:?}\n=======",
            seen(html),
            seen(rendered)
        );
    }
    assert_eq!(count, 0, "of {TEXTS} texts");
}
