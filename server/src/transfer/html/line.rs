//! Writes inline content as Markdown. The results of `write!` are ignored, because writing to a string cannot fail.

use std::fmt::Write as _;

use domain::markdown::OPEN_MAX;

use super::{
    document::{Inline, Span},
    escape::{self, Place},
    raw,
    write::MarkdownWriter,
};

/// The kind of block that a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    /// The first line of a list item.
    Item,
    Heading,
    Cell,
}

/// Returns `line` as Markdown.
pub(super) fn write(writer: &mut MarkdownWriter, line: &[Inline], kind: Kind) -> String {
    let mut lines = Lines {
        writer,
        written: String::new(),
        kind,
        open: 0,
        is_in_link: false,
    };
    lines.add(line, None);
    let written = lines.written;
    match kind {
        Kind::Paragraph | Kind::Item => written,
        Kind::Heading => without_end_marks(written),
        Kind::Cell => written.replace('|', "\\|"),
    }
}

struct Lines<'w> {
    writer: &'w mut MarkdownWriter,
    written: String,
    kind: Kind,
    /// The number of open HTML elements.
    open: usize,
    is_in_link: bool,
}

impl Lines<'_> {
    /// Appends `line`, which is followed by `next`.
    fn add(&mut self, line: &[Inline], next: Option<char>) {
        for (number, part) in line.iter().enumerate() {
            let after = line.get(number + 1..).unwrap_or_default();
            let next = match after.first() {
                Some(Inline::Break) if self.is_one_line() => Some('<'),
                _ => first(after).or(next),
            };
            match part {
                Inline::Text(text) => {
                    let place = Place {
                        begins_line: self.begins_line(),
                        is_in_link: self.is_in_link,
                        next,
                    };
                    escape::add(text, place, &mut self.written);
                }
                Inline::Break => self.add_break(),
                Inline::WordBreak => {
                    if self.writer.spend(1) {
                        self.written.push_str("<wbr>");
                    }
                }
                Inline::Code(text) => self.add_code(text),
                Inline::Image { address, alt, title } => {
                    let mut words = String::new();
                    let place = Place {
                        begins_line: false,
                        is_in_link: true,
                        next: Some(']'),
                    };
                    escape::add(alt, place, &mut words);
                    let address = escape::address(address);
                    let title = escape::title(title);
                    let _ = write!(self.written, "![{words}]({address}{title})");
                }
                Inline::Anchor(id) => {
                    if self.writer.spend(2) {
                        self.written.push_str(&raw::anchor(id));
                    }
                }
                Inline::Task(is_done) if self.kind == Kind::Item && self.written.is_empty() => {
                    self.written.push_str(if *is_done { "[x] " } else { "[ ] " });
                }
                Inline::Task(is_done) => self.written.push(if *is_done { '☑' } else { '☐' }),
                Inline::Span(span, _, content) => self.add_span(span, content, next),
            }
        }
    }

    const fn is_one_line(&self) -> bool {
        matches!(self.kind, Kind::Heading | Kind::Cell)
    }

    fn begins_line(&self) -> bool {
        !self.is_one_line() && (self.written.is_empty() || self.written.ends_with('\n'))
    }

    fn add_break(&mut self) {
        if self.is_one_line() || self.written.is_empty() || self.written.ends_with('\n') {
            let tag = if self.writer.spend(1) { "<br>" } else { " " };
            self.written.push_str(tag);
        } else {
            self.written.push_str("  \n");
        }
    }

    fn add_code(&mut self, text: &str) {
        if self.written.ends_with('`') {
            // Two adjacent code spans would be merged.
            return self.add_element("<code>", "code", &[Inline::Text(text.to_owned())]);
        }
        let longest = text
            .split(|char| char != '`')
            .map(str::len)
            .max()
            .unwrap_or_default();
        let marks = "`".repeat(longest + 1);
        let space = if text.starts_with('`') || text.ends_with('`') {
            " "
        } else {
            ""
        };
        let _ = write!(self.written, "{marks}{space}{text}{space}{marks}");
    }

    fn add_span(&mut self, span: &Span, content: &[Inline], next: Option<char>) {
        match span {
            Span::Link { address, title } => self.add_link(address, title, content),
            Span::Strong | Span::Emphasis | Span::Deleted => {
                let before = self.written.chars().next_back().filter(|char| *char != '\n');
                let mark = marks(span)
                    .iter()
                    .find(|mark| holds(mark, before, first(content), last(content), next));
                if let Some(mark) = mark {
                    self.written.push_str(mark);
                    self.add(content, mark.chars().next());
                    self.written.push_str(mark);
                } else {
                    self.add_element(&raw::start_tag(span), span.name(), content);
                }
            }
            Span::Other { name, .. } => self.add_element(&raw::start_tag(span), name, content),
        }
    }

    fn add_element(&mut self, start: &str, name: &str, content: &[Inline]) {
        if self.open >= OPEN_MAX || !self.writer.spend(2) {
            return self.add(content, None);
        }
        self.open += 1;
        self.written.push_str(start);
        self.add(content, Some('<'));
        let _ = write!(self.written, "</{name}>");
        self.open -= 1;
    }

    fn add_link(&mut self, address: &str, title: &str, content: &[Inline]) {
        let is_plain = || {
            let is_safe = |char: char| char.is_ascii_graphic() && !"<>&\\`".contains(char);
            address.starts_with("http") && address.contains("://") && address.chars().all(is_safe)
        };
        if let [Inline::Text(words)] = content
            && words == address
            && title.is_empty()
            && is_plain()
        {
            let _ = write!(self.written, "<{address}>");
            return;
        }
        self.written.push('[');
        self.is_in_link = true;
        self.add(content, Some(']'));
        self.is_in_link = false;
        let address = escape::address(address);
        let title = escape::title(title);
        let _ = write!(self.written, "]({address}{title})");
    }
}

/// Returns the delimiters of `span` in Markdown, the preferred one first.
const fn marks(span: &Span) -> &'static [&'static str] {
    match span {
        Span::Strong => &["**", "__"],
        Span::Emphasis => &["*", "_"],
        Span::Deleted => &["~~"],
        Span::Link { .. } | Span::Other { .. } => &[],
    }
}

/// Returns whether `mark` works as an opening and closing delimiter (`CommonMark`, 6.2) between the characters `before`
/// and `next`, around content that begins with `first` and ends with `last`. Returns `false` in cases in which
/// implementations differ depending on the script.
fn holds(
    mark: &str,
    before: Option<char>,
    first: Option<char>,
    last: Option<char>,
    next: Option<char>,
) -> bool {
    // Adjacent strikethrough delimiters do not count, because another character may follow them.
    let is_same = |char: char| mark.starts_with(char);
    let is_apart = |char: Option<char>| {
        char.is_none_or(|char| {
            char.is_whitespace() || (char.is_ascii_punctuation() && char != '~' && !is_same(char))
        })
    };
    let is_letter = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    let is_shown = |char: Option<char>| char.is_some_and(|char| !char.is_whitespace() && !is_same(char));
    let may_touch = |char: Option<char>| !mark.starts_with('_') && is_letter(char);
    is_shown(first)
        && is_shown(last)
        && (is_apart(before) || (may_touch(before) && is_letter(first)))
        && (is_apart(next) || (may_touch(next) && is_letter(last)))
}

/// Returns the first character of `line` in Markdown.
fn first(line: &[Inline]) -> Option<char> {
    match line.first()? {
        Inline::Text(text) => text.chars().next(),
        Inline::Break => Some(' '),
        Inline::Code(_) => Some('`'),
        Inline::Image { .. } => Some('!'),
        Inline::Anchor(_) | Inline::WordBreak => Some('<'),
        Inline::Task(_) => Some('☐'),
        Inline::Span(span, ..) => match &**span {
            Span::Link { .. } => Some('['),
            Span::Other { .. } => Some('<'),
            // This is their delimiter next to another one.
            Span::Strong | Span::Emphasis => Some('_'),
            Span::Deleted => Some('~'),
        },
    }
}

/// Returns the last character of `line` in Markdown.
fn last(line: &[Inline]) -> Option<char> {
    match line.last()? {
        Inline::Text(text) => text.chars().next_back(),
        Inline::Break => Some(' '),
        Inline::Code(_) => Some('`'),
        Inline::Image { .. } => Some(')'),
        Inline::Anchor(_) | Inline::WordBreak => Some('>'),
        Inline::Task(_) => Some('☐'),
        Inline::Span(span, ..) => match &**span {
            Span::Link { .. } => Some(')'),
            Span::Other { .. } => Some('>'),
            Span::Strong | Span::Emphasis => Some('_'),
            Span::Deleted => Some('~'),
        },
    }
}

/// Escapes number signs at the end of a heading, because they would be interpreted as a closing sequence.
fn without_end_marks(line: String) -> String {
    let end = line.trim_end_matches('#').len();
    match line.split_at_checked(end) {
        Some((words, marks)) if !marks.is_empty() && (words.is_empty() || words.ends_with(' ')) => {
            format!("{words}\\{marks}")
        }
        _ => line,
    }
}
