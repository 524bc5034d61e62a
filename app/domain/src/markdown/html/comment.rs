//! Comments: paragraphs, emphasis, links, lists, quotations and code. Everything else is shown as text.

use comrak::{Arena, Node, Options, nodes::NodeValue, parse_document};

use super::{HtmlWriter, options};
use crate::markdown::plain_text::plain_text;

/// The maximum number of parts of a comment, such as words in bold, links and lines.
const PARTS_MAX: usize = 2_000;

/// Converts the comment `markdown` to HTML, before it is sanitised. Returns `None` if it consists of too many parts.
pub(in crate::markdown) fn render_comment(markdown: &str) -> Option<String> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &comment_options());
    if root.descendants().nth(PARTS_MAX).is_some() {
        return None;
    }
    let mut writer = HtmlWriter {
        html: String::with_capacity(markdown.len() * 3 / 2),
        is_comment: true,
        ..HtmlWriter::default()
    };
    writer.write(root);
    Some(writer.html)
}

fn comment_options() -> Options<'static> {
    let mut options = options();
    options.extension.footnotes = false;
    options.extension.table = false;
    options.extension.tasklist = false;
    options
}

impl HtmlWriter {
    /// Writes what a comment cannot contain as text, or as a link. Returns `false` for anything else.
    pub(super) fn start_in_comment(&mut self, value: &NodeValue, node: Node<'_>) -> bool {
        match value {
            NodeValue::HtmlInline(html) => self.write_text(html),
            NodeValue::HtmlBlock(block) => {
                self.begin_paragraph();
                self.write_text(block.literal.trim_end());
                self.html.push_str("</p>\n");
            }
            NodeValue::ThematicBreak => {}
            NodeValue::Image(link) if self.is_link(link) && !is_in_link(node) => {
                self.start_link(&link.url, "");
                let alt = plain_text(node);
                self.write_text(if alt.is_empty() { &link.url } else { &alt });
                self.html.push_str("</a>");
            }
            NodeValue::Image(_) => self.write_text(&plain_text(node)),
            _ => return false,
        }
        true
    }
}

/// Returns whether `node` is part of a link, which cannot contain another one.
fn is_in_link(node: Node<'_>) -> bool {
    node.ancestors()
        .skip(1)
        .any(|above| matches!(above.data.borrow().value, NodeValue::Link(_)))
}
