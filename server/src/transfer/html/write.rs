//! Writes blocks as Markdown.

use std::collections::BTreeMap;

use domain::markdown::{FORMATTING_MAX, TAGS_MAX};

use super::{
    document::{Alignment, Block, Definition, Inline, List, Span, Table, line},
    line::{self as lines, Kind},
    raw,
};

/// The maximum number of HTML tags that are written. It leaves some for later edits: the renderer shows further tags as
/// text.
const TAGS: usize = TAGS_MAX - 100;
const TOO_MUCH: &str = "element that is left out, with its words kept, because the text has too many";

/// Writes a text.
#[derive(Debug)]
pub(super) struct MarkdownWriter {
    tags: usize,
    /// The losses, and how often each occurred.
    pub losses: BTreeMap<&'static str, usize>,
}

/// The distance between blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distance {
    /// Separated by an empty line.
    Apart,
    /// Not separated, such as the items of a compact list.
    Close,
}

impl MarkdownWriter {
    /// Returns a writer that adds its losses to `losses`.
    pub(super) const fn new(losses: BTreeMap<&'static str, usize>) -> Self {
        Self { tags: TAGS, losses }
    }

    /// Returns whether `tags` more tags may be written.
    pub(super) fn spend(&mut self, tags: usize) -> bool {
        if let Some(rest) = self.tags.checked_sub(tags) {
            self.tags = rest;
            return true;
        }
        self.lose(TOO_MUCH);
        false
    }

    fn lose(&mut self, what: &'static str) {
        *self.losses.entry(what).or_default() += 1;
    }

    /// Returns `blocks` as Markdown.
    pub(super) fn write(&mut self, blocks: &[Block]) -> String {
        self.blocks(blocks, Distance::Apart, false)
    }

    fn blocks(&mut self, blocks: &[Block], distance: Distance, is_item: bool) -> String {
        let mut written = String::new();
        // If the last block that was written is a list: whether it is numbered, and whether it has the alternative
        // marker.
        let mut list: Option<(bool, bool)> = None;
        for block in blocks {
            let mut has_other_mark = false;
            let is_list = if let Block::List(next) = block {
                let is_numbered = next.start.is_some();
                has_other_mark = list.is_some_and(|(before, other)| before == is_numbered && !other);
                Some((is_numbered, has_other_mark))
            } else {
                None
            };
            let kind = if is_item && written.is_empty() {
                Kind::Item
            } else {
                Kind::Paragraph
            };
            let text = self.block(block, kind, has_other_mark, is_item);
            if text.is_empty() {
                continue;
            }
            if !written.is_empty() {
                written.push_str(if distance == Distance::Close { "\n" } else { "\n\n" });
            }
            written.push_str(&text);
            list = is_list;
        }
        written
    }

    fn block(&mut self, block: &Block, kind: Kind, has_other_mark: bool, is_item: bool) -> String {
        match block {
            Block::Paragraph { content, .. } => lines::write(self, content, kind),
            Block::Heading(level, content) => {
                let marks = "#".repeat(*level);
                format!("{marks} {}", lines::write(self, content, Kind::Heading))
            }
            Block::List(list) => self.list(list, has_other_mark),
            Block::Quote(content) => indented(&self.write(content), "> ", "> "),
            Block::Code {
                text,
                language,
                marked,
            } => self
                .raw_if(marked.is_some(), block)
                .unwrap_or_else(|| fenced(text, language)),
            // With hyphens, the rule would be interpreted as the marker of a nested item.
            Block::Rule if is_item => "___".to_owned(),
            Block::Rule => "---".to_owned(),
            Block::Table(table) if table.is_plain() => self.table(table),
            Block::Table(table) => self.raw(block).unwrap_or_else(|| self.plainer(table)),
            Block::Definitions(definitions) => self.raw(block).unwrap_or_else(|| {
                let blocks: Vec<Block> = definitions.iter().flat_map(without_terms).collect();
                self.write(&blocks)
            }),
            Block::Figure { content, caption } => self.raw(block).unwrap_or_else(|| {
                let blocks = [content.as_slice(), caption].concat();
                self.write(&blocks)
            }),
            Block::Details {
                summary,
                content,
                is_open,
            } => {
                let begin = raw::details(summary, *is_open);
                if self.spend(begin.matches('<').count() + 1) {
                    format!("{begin}\n{}\n\n</details>", self.write(content))
                } else {
                    let summary = Block::paragraph(summary.clone());
                    self.write(&[&[summary], content.as_slice()].concat())
                }
            }
        }
    }

    fn raw_if(&mut self, is_needed: bool, block: &Block) -> Option<String> {
        if is_needed { self.raw(block) } else { None }
    }

    /// Returns `block` as HTML, if the limits of HTML in a text allow it.
    fn raw(&mut self, block: &Block) -> Option<String> {
        const FORMATTING: &[&str] = &["<a ", "<code", "<em", "<s>", "<small", "<strong", "<u>", "<b>"];
        let html = raw::blocks(std::slice::from_ref(block));
        let formatting: usize = FORMATTING.iter().map(|tag| html.matches(tag).count()).sum();
        if formatting > FORMATTING_MAX {
            self.lose(TOO_MUCH);
            return None;
        }
        self.spend(html.matches('<').count()).then_some(html)
    }

    fn list(&mut self, list: &List, has_other_mark: bool) -> String {
        let distance = if list.items.iter().all(|item| is_close(item)) {
            Distance::Close
        } else {
            Distance::Apart
        };
        let mut written = String::new();
        for (number, item) in (list.start.unwrap_or_default().clamp(0, 900_000_000)..).zip(&list.items) {
            let mark = match (list.start.is_some(), has_other_mark) {
                (false, false) => "- ".to_owned(),
                (false, true) => "* ".to_owned(),
                (true, false) => format!("{number}. "),
                (true, true) => format!("{number}) "),
            };
            let mut content = self.blocks(item, distance, true);
            if content.is_empty() {
                // An item without content might not be recognized as such.
                "&nbsp;".clone_into(&mut content);
            }
            if !written.is_empty() {
                written.push_str(if distance == Distance::Close { "\n" } else { "\n\n" });
            }
            written.push_str(&indented(&content, &mark, &" ".repeat(mark.len())));
        }
        written
    }

    fn table(&mut self, table: &Table) -> String {
        let columns = table.columns();
        let mut written = String::new();
        let mut rows = table.rows.iter().peekable();
        let head = rows.next_if(|row| row.is_head);
        let head: Vec<String> = head.map_or_else(Vec::new, |row| {
            row.cells
                .iter()
                .map(|cell| self.cell(&cell.content, false))
                .collect()
        });
        add_row(&head, columns, &mut written);
        written.push('|');
        for alignment in table.alignments() {
            written.push_str(match alignment {
                None => " --- |",
                Some(Alignment::Left) => " :-- |",
                Some(Alignment::Center) => " :-: |",
                Some(Alignment::Right) => " --: |",
            });
        }
        for row in rows {
            written.push('\n');
            let cells: Vec<String> = row
                .cells
                .iter()
                .map(|cell| self.cell(&cell.content, cell.is_head))
                .collect();
            add_row(&cells, 0, &mut written);
        }
        written
    }

    /// Returns the line in a cell. Markdown does not support header cells of rows, so they are written in bold type.
    fn cell(&mut self, content: &[Block], is_head: bool) -> String {
        let content = line(content).unwrap_or_default();
        if !is_head || content.is_empty() {
            return lines::write(self, content, Kind::Cell);
        }
        let whole = Inline::Span(Span::Strong.into(), 0, without_strong(content));
        lines::write(self, &[whole], Kind::Cell)
    }

    /// Writes a table that exceeds the limits of HTML as a Markdown table, as far as this is possible.
    fn plainer(&mut self, table: &Table) -> String {
        let mut table = table.clone();
        let caption = std::mem::take(&mut table.caption);
        let mut has_head = false;
        for (number, row) in table.rows.iter_mut().enumerate() {
            row.is_head &= number == 0 && !has_head;
            has_head |= row.is_head;
            for cell in &mut row.cells {
                (cell.columns, cell.rows) = (1, 1);
                if line(&cell.content).is_none() {
                    let words = in_one_line(&cell.content);
                    cell.content = vec![Block::paragraph(words)];
                }
            }
        }
        if table.is_plain() {
            let caption = self.write(&caption);
            let space = if caption.is_empty() { "" } else { "\n\n" };
            format!("{caption}{space}{}", self.table(&table))
        } else {
            table.caption = caption;
            self.write(&table.content())
        }
    }
}

/// Returns whether an item needs no empty lines.
fn is_close(item: &[Block]) -> bool {
    let is_line = |block: &Block| {
        matches!(
            block,
            Block::Paragraph {
                is_explicit: false,
                ..
            }
        )
    };
    let lists = match item {
        [first, rest @ ..] if is_line(first) => rest,
        all => all,
    };
    lists.iter().enumerate().all(|(number, block)| match block {
        // A list can only interrupt the line before it if it begins with 1.
        Block::List(list) => {
            (number == 0 && lists.len() == item.len() || list.start.is_none_or(|start| start == 1))
                && list.items.iter().all(|item| is_close(item))
        }
        _ => false,
    })
}

fn without_terms(definition: &Definition) -> Vec<Block> {
    match line(&definition.content) {
        Some(content) if definition.is_term && !content.is_empty() => {
            let strong = Inline::Span(Span::Strong.into(), 0, without_strong(content));
            vec![Block::paragraph(vec![strong])]
        }
        _ => definition.content.clone(),
    }
}

/// Returns `content` for a place in which all text is strong anyway.
fn without_strong(content: &[Inline]) -> Vec<Inline> {
    let mut kept = Vec::with_capacity(content.len());
    for part in content {
        match part {
            Inline::Span(span, _, content) if **span == Span::Strong => kept.extend(without_strong(content)),
            Inline::Span(span, number, content) => {
                kept.push(Inline::Span(span.clone(), *number, without_strong(content)));
            }
            other => kept.push(other.clone()),
        }
    }
    kept
}

/// Returns the content of `blocks` on one line, with breaks.
fn in_one_line(blocks: &[Block]) -> Vec<Inline> {
    let mut whole: Vec<Inline> = Vec::new();
    for block in blocks {
        let content = match block {
            Block::Paragraph { content, .. } | Block::Heading(_, content) => content.clone(),
            Block::List(list) => list
                .items
                .iter()
                .flat_map(|item| {
                    let mut item = in_one_line(item);
                    item.insert(0, Inline::Text("• ".to_owned()));
                    item.push(Inline::Break);
                    item
                })
                .collect(),
            Block::Quote(content) => in_one_line(content),
            Block::Code { text, .. } => vec![Inline::Code(text.replace('\n', " "))],
            Block::Rule => Vec::new(),
            Block::Table(table) => in_one_line(&table.content()),
            Block::Definitions(definitions) => definitions
                .iter()
                .flat_map(|definition| in_one_line(&definition.content))
                .collect(),
            Block::Figure { content, caption } => [in_one_line(content), in_one_line(caption)].concat(),
            Block::Details { summary, content, .. } => [summary.clone(), in_one_line(content)].concat(),
        };
        if !whole.is_empty() {
            whole.push(Inline::Break);
        }
        whole.extend(content);
    }
    super::space::tidy(whole)
}

fn add_row(cells: &[String], columns: usize, written: &mut String) {
    written.push('|');
    for cell in cells {
        written.push(' ');
        written.push_str(cell);
        written.push_str(" |");
    }
    // Parsers determine the number of columns from the first row and do not show additional cells.
    for _ in cells.len()..columns {
        written.push_str("  |");
    }
    if columns > 0 {
        written.push('\n');
    }
}

/// Returns `text` with `first` before its first line and `others` before all other lines, except empty ones.
fn indented(text: &str, first: &str, others: &str) -> String {
    let mut written = String::with_capacity(text.len() + first.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            written.push('\n');
        }
        let begin = if number == 0 { first } else { others };
        written.push_str(if line.is_empty() { begin.trim_end() } else { begin });
        written.push_str(line);
    }
    written
}

fn fenced(text: &str, language: &str) -> String {
    let longest = text
        .split(|char| char != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let marks = "`".repeat(longest.max(2) + 1);
    format!("{marks}{language}\n{text}\n{marks}")
}
