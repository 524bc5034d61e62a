//! Writes blocks as HTML, where Markdown has no syntax for them. The HTML contains no empty line, because that would
//! end the HTML block.

use std::fmt::Write as _;

use super::document::{Alignment, Block, Cell, Inline, Span, Table};

/// Returns `text` escaped for HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Returns an attribute, or an empty string if its value is empty.
pub(super) fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    let value = escaped(value).replace('"', "&quot;").replace(['\n', '\r'], " ");
    format!(" {name}=\"{value}\"")
}

/// Returns the start tag of `span`.
pub(super) fn start_tag(span: &Span) -> String {
    let attributes = match span {
        Span::Link { address, title } => attribute("href", address) + &attribute("title", title),
        Span::Other { title, direction, .. } => attribute("title", title) + &attribute("dir", direction),
        Span::Strong | Span::Emphasis | Span::Deleted => String::new(),
    };
    format!("<{}{attributes}>", span.name())
}

/// Returns the target of a link within the text.
pub(super) fn anchor(id: &str) -> String {
    format!("<a{}></a>", attribute("id", id))
}

/// Returns `line` as HTML.
pub(super) fn line(line: &[Inline]) -> String {
    let mut html = String::new();
    add_line(line, &mut html);
    html
}

fn add_line(line: &[Inline], html: &mut String) {
    for part in line {
        match part {
            Inline::Text(text) => html.push_str(&escaped(text)),
            Inline::Break => html.push_str("<br>"),
            Inline::WordBreak => html.push_str("<wbr>"),
            Inline::Code(text) => {
                // Writing to a string cannot fail.
                let _ = write!(html, "<code>{}</code>", escaped(text));
            }
            Inline::Image { address, alt, title } => {
                let attributes = attribute("src", address) + " " + attribute("alt", alt).trim_start();
                let _ = write!(
                    html,
                    "<img{}{}>",
                    attributes.trim_end(),
                    attribute("title", title)
                );
            }
            Inline::Anchor(id) => html.push_str(&anchor(id)),
            Inline::Task(is_done) => html.push(if *is_done { '☑' } else { '☐' }),
            Inline::Span(span, _, content) => {
                html.push_str(&start_tag(span));
                add_line(content, html);
                let _ = write!(html, "</{}>", span.name());
            }
        }
    }
}

/// Returns `blocks` as HTML.
pub(super) fn blocks(blocks: &[Block]) -> String {
    let mut html = String::new();
    for block in blocks {
        add_block(block, &mut html);
    }
    html
}

/// Returns blocks as HTML, where a single line needs no element of its own.
fn content(of: &[Block]) -> String {
    match of {
        [Block::Paragraph { content, .. }] => line(content),
        [
            Block::Paragraph {
                content,
                is_explicit: false,
            },
            rest @ ..,
        ] => line(content) + &blocks(rest),
        many => blocks(many),
    }
}

fn add_block(block: &Block, html: &mut String) {
    match block {
        Block::Paragraph { content, .. } => element("p", &line(content), html),
        // The first heading level is reserved for the title.
        Block::Heading(level, content) => {
            element(&format!("h{}", (*level).clamp(2, 6)), &line(content), html);
        }
        Block::List(list) => {
            let (begin, end) = match list.start {
                None => ("<ul>".to_owned(), "</ul>"),
                Some(1) => ("<ol>".to_owned(), "</ol>"),
                Some(start) => (format!("<ol start=\"{start}\">"), "</ol>"),
            };
            html.push_str(&begin);
            for item in &list.items {
                let content = content(item);
                element("li", &content, html);
            }
            html.push_str(end);
        }
        Block::Quote(content) => element("blockquote", &blocks(content), html),
        Block::Code { text, marked, .. } => {
            let code = marked.clone().unwrap_or_else(|| escaped(text));
            let _ = write!(html, "<pre><code>{}</code></pre>", without_empty_lines(&code));
        }
        Block::Rule => html.push_str("<hr>"),
        Block::Table(table) => add_table(table, html),
        Block::Definitions(definitions) => {
            html.push_str("<dl>\n");
            for definition in definitions {
                let name = if definition.is_term { "dt" } else { "dd" };
                element(name, &content(&definition.content), html);
                html.push('\n');
            }
            html.push_str("</dl>");
        }
        Block::Figure {
            content: shown,
            caption,
        } => {
            html.push_str("<figure>\n");
            let shown = content(shown);
            html.push_str(&shown);
            // An empty line would end the HTML block.
            html.push_str(if shown.is_empty() { "" } else { "\n" });
            element("figcaption", &content(caption), html);
            html.push_str("\n</figure>");
        }
        Block::Details {
            summary,
            content,
            is_open,
        } => {
            html.push_str(&details(summary, *is_open));
            html.push_str(&blocks(content));
            html.push_str("</details>");
        }
    }
}

/// Returns the beginning of a `details` element with its summary.
pub(super) fn details(summary: &[Inline], is_open: bool) -> String {
    let tag = if is_open { "<details open>" } else { "<details>" };
    let summary = if summary.is_empty() {
        String::new()
    } else {
        format!("\n<summary>{}</summary>", line(summary))
    };
    format!("{tag}{summary}\n")
}

fn element(name: &str, content: &str, html: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(html, "<{name}>{content}</{name}>");
}

fn add_table(table: &Table, html: &mut String) {
    html.push_str("<table>\n");
    if !table.caption.is_empty() {
        element("caption", &content(&table.caption), html);
        html.push('\n');
    }
    let heads = table.rows.iter().take_while(|row| row.is_head).count();
    for (number, row) in table.rows.iter().enumerate() {
        if number == 0 && heads > 0 {
            html.push_str("<thead>\n");
        }
        if number == heads {
            html.push_str("<tbody>\n");
        }
        html.push_str("<tr>");
        for cell in &row.cells {
            add_cell(cell, html);
        }
        html.push_str("</tr>\n");
        if number + 1 == heads {
            html.push_str("</thead>\n");
        }
    }
    if table.rows.len() > heads {
        html.push_str("</tbody>\n");
    }
    html.push_str("</table>");
}

fn add_cell(cell: &Cell, html: &mut String) {
    let name = if cell.is_head { "th" } else { "td" };
    let covered = |name, number: usize| {
        if number > 1 {
            attribute(name, &number.to_string())
        } else {
            String::new()
        }
    };
    let alignment = match cell.alignment {
        None => "",
        Some(Alignment::Left) => " class=\"left\"",
        Some(Alignment::Center) => " class=\"center\"",
        Some(Alignment::Right) => " class=\"right\"",
    };
    // Writing to a string cannot fail.
    let _ = write!(
        html,
        "<{name}{alignment}{}{}>{}</{name}>",
        covered("colspan", cell.columns),
        covered("rowspan", cell.rows),
        content(&cell.content)
    );
}

/// Returns code in which empty lines are replaced by character references, because an empty line would end the HTML
/// block.
fn without_empty_lines(code: &str) -> String {
    let mut written = String::with_capacity(code.len());
    for (number, line) in code.split('\n').enumerate() {
        if number > 0 {
            written.push_str(if line.trim().is_empty() { "&#10;" } else { "\n" });
        }
        written.push_str(line);
    }
    written
}
