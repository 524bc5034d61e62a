//! Conversion of the parsed document to HTML, before it is sanitised.

use std::{fmt::Write as _, vec};

use comrak::{
    Arena, Node, Options,
    arena_tree::NodeEdge,
    html::escape,
    nodes::{ListType, NodeCodeBlock, NodeList, NodeValue, TableAlignment},
    parse_document,
};

use super::{
    DEPTH_MAX,
    headings::{self, HeadingId, Levels},
    highlight,
    raw::RawTags,
};

/// Captions of images.
mod caption;
/// The parts of a text that comments cannot contain.
mod comment;
/// Headings.
mod heading;
/// Links and images.
mod link;
/// Footnotes.
mod note;

pub(super) use comment::render_comment;

/// Converts `markdown` to HTML. Headings begin at `h2`, because the title is the `h1` of the page.
pub(super) fn render(markdown: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let mut writer = HtmlWriter {
        html: String::with_capacity(markdown.len() * 3 / 2),
        ids: headings::ids(root).into_iter(),
        ..HtmlWriter::default()
    };
    writer.write(root);
    writer.html
}

/// Returns the options for `CommonMark` with GitHub's extensions and emphasis next to CJK punctuation.
pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.cjk_friendly_emphasis = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options
}

#[derive(Default)]
struct HtmlWriter {
    html: String,
    /// Whether the text is a comment.
    is_comment: bool,
    ids: vec::IntoIter<HeadingId>,
    /// The id of the heading that is being written, if it has one.
    id: Option<String>,
    /// The depth of the current node.
    depth: usize,
    /// The levels of the enclosing headings.
    levels: Levels,
    /// The symbol of the task item whose text is written next.
    task: Option<char>,
    raw: RawTags,
    effort: highlight::Effort,
    alignments: Vec<TableAlignment>,
    column: usize,
    is_head: bool,
    /// The number of the footnote that is being written.
    note: usize,
}

impl HtmlWriter {
    fn write(&mut self, root: Node<'_>) {
        let mut skipped: Option<Node<'_>> = None;
        for edge in root.traverse() {
            match edge {
                NodeEdge::Start(node) => {
                    self.depth += 1;
                    if skipped.is_none() && self.start(node) {
                        skipped = Some(node);
                    }
                }
                NodeEdge::End(node) => {
                    if skipped.is_none() {
                        self.end(node);
                    } else if skipped.is_some_and(|skipped| skipped.same_node(node)) {
                        skipped = None;
                    }
                    self.depth -= 1;
                }
            }
        }
    }

    /// Returns whether an element may be opened here. Deeper elements are dropped and their text is kept, because the
    /// time for sanitising is quadratic in the depth. The document is the first level.
    const fn is_within_depth(&self) -> bool {
        self.depth <= DEPTH_MAX + 1
    }

    /// Writes the beginning of `node`. Returns `true` if the whole node was written.
    fn start(&mut self, node: Node<'_>) -> bool {
        let value = &node.data().value;
        if value.block() {
            self.close_raw();
        }
        if self.is_comment && self.start_in_comment(value, node) {
            return true;
        }
        match value {
            NodeValue::Text(text) => self.write_text(text),
            NodeValue::SoftBreak => self.html.push('\n'),
            NodeValue::LineBreak => self.html.push_str("<br>\n"),
            NodeValue::Code(code) => {
                self.html.push_str("<code>");
                self.write_text(&code.literal);
                self.html.push_str("</code>");
            }
            NodeValue::HtmlInline(tag) => self.raw.inline(tag, &mut self.html),
            NodeValue::HtmlBlock(block) => {
                self.begin_line();
                let block = self.raw.block(&block.literal, self.depth);
                self.html.push_str(&block);
            }
            NodeValue::ThematicBreak => {
                self.begin_line();
                self.html.push_str("<hr>\n");
            }
            NodeValue::CodeBlock(block) => self.code_block(block),
            NodeValue::FootnoteReference(reference) => self.reference(reference.ix, reference.ref_num),
            NodeValue::Image(link) => {
                self.image(link, node);
                return true;
            }
            NodeValue::Link(link) => return self.link(link, node),
            _ if self.is_within_depth() => self.open(value, node),
            NodeValue::Heading(_) => {
                self.begin_line();
                self.ids.next();
            }
            _ if value.block() => self.begin_line(),
            _ => {}
        }
        false
    }

    /// Writes the start tag of a node with children.
    fn open(&mut self, value: &NodeValue, node: Node<'_>) {
        match value {
            NodeValue::Paragraph if is_tight(node) => self.task(),
            NodeValue::Paragraph if !self.is_comment && caption::of(node).is_some() => self.block("<figure>"),
            NodeValue::Heading(_) if self.is_comment => self.begin_paragraph(),
            NodeValue::Paragraph => {
                self.begin_paragraph();
                self.task();
            }
            NodeValue::Heading(heading) => self.heading(heading.level),
            NodeValue::BlockQuote => self.block("<blockquote>"),
            NodeValue::List(list) => self.list(list),
            NodeValue::Item(_) => self.item(),
            NodeValue::TaskItem(task) => {
                self.item();
                self.task = Some(if task.symbol.is_some() { '☑' } else { '☐' });
            }
            NodeValue::Table(table) => {
                self.alignments.clone_from(&table.alignments);
                self.block("<table>");
            }
            NodeValue::TableRow(is_head) => {
                (self.is_head, self.column) = (*is_head, 0);
                self.html.push_str(if *is_head { "<thead><tr>" } else { "<tr>" });
            }
            NodeValue::TableCell => self.cell(),
            NodeValue::FootnoteDefinition(_) => self.start_note(),
            NodeValue::Emph => self.html.push_str("<em>"),
            NodeValue::Strong => self.html.push_str("<strong>"),
            NodeValue::Strikethrough => self.html.push_str("<del>"),
            _ => {}
        }
    }

    /// Writes the end of `node`.
    fn end(&mut self, node: Node<'_>) {
        let value = &node.data().value;
        if value.block() {
            self.close_raw();
            let ends = self.raw.leave(self.depth);
            self.html.push_str(&ends);
        }
        if !self.is_within_depth() {
            return;
        }
        match value {
            NodeValue::Document if self.note > 0 => self.html.push_str("</ol></section>\n"),
            NodeValue::Paragraph => self.end_paragraph(node),
            NodeValue::Heading(_) if self.is_comment => self.html.push_str("</p>\n"),
            NodeValue::Heading(_) => self.end_heading(),
            NodeValue::BlockQuote => self.end_block("</blockquote>\n"),
            NodeValue::List(list) if list.list_type == ListType::Ordered => self.end_block("</ol>\n"),
            NodeValue::List(_) => self.end_block("</ul>\n"),
            NodeValue::Item(_) | NodeValue::TaskItem(_) => {
                self.task = None;
                self.html.push_str("</li>\n");
            }
            NodeValue::Table(_) => {
                let rows = node.children().take(2).count();
                self.html.push_str(if rows > 1 {
                    "</tbody></table>\n"
                } else {
                    "</table>\n"
                });
            }
            NodeValue::TableRow(true) => {
                let rows = node.following_siblings().take(2).count();
                self.html.push_str(if rows > 1 {
                    "</tr></thead><tbody>\n"
                } else {
                    "</tr></thead>\n"
                });
            }
            NodeValue::TableRow(false) => self.html.push_str("</tr>\n"),
            NodeValue::TableCell => self.html.push_str(if self.is_head { "</th>" } else { "</td>" }),
            NodeValue::FootnoteDefinition(_) => self.end_note(node),
            NodeValue::Emph => self.html.push_str("</em>"),
            NodeValue::Strong => self.html.push_str("</strong>"),
            NodeValue::Strikethrough => self.html.push_str("</del>"),
            NodeValue::Link(link) if self.is_link(link) => self.html.push_str("</a>"),
            _ => {}
        }
    }

    /// Writes escaped `text`, also for attribute values.
    fn write_text(&mut self, text: &str) {
        // Writing to a string does not fail.
        let _ = escape(&mut self.html, text);
    }

    fn begin_line(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    fn begin_paragraph(&mut self) {
        self.begin_line();
        self.html.push_str("<p>");
    }

    fn block(&mut self, tag: &str) {
        self.begin_line();
        self.html.push_str(tag);
        self.html.push('\n');
    }

    fn end_block(&mut self, tag: &str) {
        self.begin_line();
        self.html.push_str(tag);
    }

    /// Closes the raw HTML elements that are open in the current block.
    fn close_raw(&mut self) {
        let ends = self.raw.close();
        self.html.push_str(&ends);
    }

    fn end_paragraph(&mut self, node: Node<'_>) {
        let is_end_of_note = node.next_sibling().is_none()
            && node
                .parent()
                .is_some_and(|parent| matches!(parent.data().value, NodeValue::FootnoteDefinition(_)));
        if is_end_of_note {
            self.way_back();
        }
        if is_tight(node) {
            return;
        }
        match caption::of(node).filter(|_| !self.is_comment) {
            Some(caption) => self.end_figure(&caption),
            None => self.html.push_str("</p>\n"),
        }
    }

    fn list(&mut self, list: &NodeList) {
        match (list.list_type, list.start) {
            (ListType::Bullet, _) => self.block("<ul>"),
            (ListType::Ordered, 1) => self.block("<ol>"),
            (ListType::Ordered, start) => self.block(&format!("<ol start=\"{start}\">")),
        }
    }

    fn item(&mut self) {
        self.begin_line();
        self.html.push_str("<li>");
    }

    /// Writes the symbol of a task item before its text.
    fn task(&mut self) {
        if let Some(sign) = self.task.take() {
            let _ = write!(self.html, "<span class=\"task\">{sign}</span> ");
        }
    }

    fn code_block(&mut self, block: &NodeCodeBlock) {
        let language = block.info.split([' ', ',', '{']).next().unwrap_or_default();
        let coloured = if language.is_empty() || self.is_comment {
            None
        } else {
            self.effort.colour(&block.literal, &language.to_ascii_lowercase())
        };
        self.begin_line();
        self.html.push_str("<pre><code>");
        match coloured {
            Some(html) => self.html.push_str(&html),
            None => self.write_text(&block.literal),
        }
        self.html.push_str("</code></pre>\n");
    }

    fn cell(&mut self) {
        let alignment = match self.alignments.get(self.column) {
            Some(TableAlignment::Left) => " class=\"left\"",
            Some(TableAlignment::Center) => " class=\"center\"",
            Some(TableAlignment::Right) => " class=\"right\"",
            Some(TableAlignment::None) | None => "",
        };
        self.column += 1;
        let element = if self.is_head { "th" } else { "td" };
        let _ = write!(self.html, "<{element}{alignment}>");
    }
}

/// Returns whether a paragraph belongs to a tight list.
fn is_tight(paragraph: Node<'_>) -> bool {
    let list = paragraph.parent().and_then(comrak::arena_tree::Node::parent);
    list.is_some_and(|list| matches!(list.data().value, NodeValue::List(list) if list.tight))
}
