//! Generates random texts with every element that a post may contain.

use std::fmt::Write as _;

use domain::markdown::elements;
use fastrand::Rng;

/// Block elements that contain lines or other blocks.
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
/// Elements that are only allowed within a certain element.
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
/// Words, many of which contain markup characters of Markdown or HTML.
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

/// Generates texts.
pub(super) struct Generator {
    pub random: Rng,
    /// The inline elements: all elements of a post that are in neither of the lists above.
    inline: Vec<&'static str>,
}

impl Generator {
    /// Returns a generator of all elements that a post may contain.
    pub(super) fn new() -> Self {
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

    /// Generates blocks with this maximum nesting depth.
    pub(super) fn blocks(&mut self, depth: usize) -> String {
        (0..self.random.usize(1..4)).map(|_| self.block(depth)).collect()
    }

    /// Generates the content of an item or a cell: a line, or blocks.
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
