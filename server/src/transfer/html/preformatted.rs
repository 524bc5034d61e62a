//! Reads preformatted text, whose lines and spaces are kept. The results of `write!` are ignored, because writing to a
//! string cannot fail.

use std::fmt::Write as _;

use super::{
    document::{Block, Inline},
    elements::begins_a_line,
    meaning::{self, Meaning},
    raw::{self, attribute, escaped},
    read::Reader,
    tree::{Element, Node},
};

/// Inline elements of preformatted text that Markdown code cannot contain.
const MARKS: &[&str] = &[
    "a", "b", "cite", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small", "strong", "sub", "sup", "u",
    "var",
];

#[derive(Default)]
struct Lines {
    text: String,
    html: String,
    has_marks: bool,
    images: Vec<Inline>,
}

/// Returns the preformatted text in `element`, followed by the pictures in it.
pub(super) fn read(reader: &mut Reader<'_>, element: &Element) -> Vec<Block> {
    let mut lines = Lines::default();
    lines.add(reader, element);
    let end = lines.text.trim_end_matches('\n').len();
    lines.text.truncate(end);
    let html_end = lines.html.trim_end_matches('\n').len();
    lines.html.truncate(html_end);
    let mut blocks = Vec::new();
    if !lines.text.trim().is_empty() {
        blocks.push(Block::Code {
            text: lines.text,
            language: language(element),
            marked: lines.has_marks.then_some(lines.html),
        });
    }
    if !lines.images.is_empty() {
        blocks.push(Block::paragraph(lines.images));
    }
    blocks
}

impl Lines {
    fn add(&mut self, reader: &mut Reader<'_>, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(text) => self.push(&text.replace("\r\n", "\n")),
                Node::Element(child) => self.add_element(reader, child),
            }
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.html.push_str(&escaped(text));
    }

    fn add_element(&mut self, reader: &mut Reader<'_>, element: &Element) {
        let name = element.name.as_str();
        if name == "br" {
            return self.push("\n");
        }
        if begins_a_line(name) {
            self.begin_line();
            self.add(reader, element);
            return self.begin_line();
        }
        let meaning = meaning::interpret(reader, element);
        if let Some(what) = meaning.loss() {
            reader.lose(what);
        }
        match meaning {
            Meaning::Nothing(_) => {}
            Meaning::Whole(Inline::Text(text)) | Meaning::Words(text, _) => self.push(&text),
            Meaning::Whole(image @ Inline::Image { .. }) => {
                reader.pictures += 1;
                self.images.push(image);
            }
            Meaning::Link(address, words, _) => {
                self.begin_line();
                let tag = format!("<a{}>", attribute("href", &address));
                self.text.push_str(&words);
                let _ = write!(self.html, "{tag}{}</a>", escaped(&words));
                self.has_marks = true;
                self.begin_line();
            }
            Meaning::Span(span) if MARKS.contains(&span.name()) => {
                let begin = raw::start_tag(&span);
                self.html.push_str(&begin);
                self.add(reader, element);
                let _ = write!(self.html, "</{}>", span.name());
                self.has_marks = true;
            }
            _ => self.add(reader, element),
        }
    }

    fn begin_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }
}

/// Returns the programming language, as marked up by common editors and highlighters.
fn language(element: &Element) -> String {
    let code = element.elements().find(|child| child.name == "code");
    let told = [Some(element), code].into_iter().flatten().find_map(|element| {
        let class = element.attribute("class").replace(": ", ":");
        let of_class = class.split([' ', ';']).find_map(|class| {
            ["language-", "lang-", "lang:", "brush:"]
                .iter()
                .find_map(|begin| class.strip_prefix(begin))
                .map(str::to_owned)
        });
        let of_attribute = ["lang", "data-lang", "data-language", "data-enlighter-language"]
            .into_iter()
            .map(|name| element.attribute(name))
            .find(|language| !language.is_empty())
            .map(str::to_owned);
        of_class.or(of_attribute)
    });
    let told = told.unwrap_or_default().to_lowercase();
    let is_word = told.len() <= 30
        && told
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "+#._-".contains(char));
    if is_word { told } else { String::new() }
}
