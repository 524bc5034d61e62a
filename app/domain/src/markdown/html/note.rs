//! Footnotes.

use std::fmt::Write as _;

use comrak::{Node, nodes::NodeValue};

use super::HtmlWriter;
use crate::markdown::sanitiser::ID_PREFIX;

impl HtmlWriter {
    /// Writes a footnote reference. The link back leads to the first of several references.
    pub(super) fn reference(&mut self, number: u32, times: u32) {
        let id = if times == 1 {
            format!(" id=\"{ID_PREFIX}reference-{number}\"")
        } else {
            String::new()
        };
        let _ = write!(
            self.html,
            "<sup{id}><a href=\"#{ID_PREFIX}note-{number}\" aria-label=\"Note {number}\">{number}</a></sup>"
        );
    }

    /// Starts a footnote. The parser returns footnotes after the text, in the order of their first references.
    pub(super) fn start_note(&mut self) {
        if self.note == 0 {
            let ends = self.raw.leave(self.depth - 1);
            self.html.push_str(&ends);
            self.block("<section class=\"footnotes\"><ol>");
        }
        self.note += 1;
        let _ = write!(self.html, "<li id=\"{ID_PREFIX}note-{}\">", self.note);
    }

    pub(super) fn end_note(&mut self, node: Node<'_>) {
        let ends_with_text = node
            .last_child()
            .is_some_and(|last| matches!(last.data().value, NodeValue::Paragraph));
        if !ends_with_text {
            self.way_back();
        }
        self.html.push_str("</li>\n");
    }

    /// Writes the link from a footnote back to the text.
    pub(super) fn way_back(&mut self) {
        let _ = write!(
            self.html,
            "<a class=\"footnote-back\" href=\"#{ID_PREFIX}reference-{}\" aria-label=\"Back to the text\">↩</a>",
            self.note
        );
    }
}
