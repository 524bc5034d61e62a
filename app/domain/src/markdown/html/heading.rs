//! Headings.

use std::fmt::Write as _;

use super::HtmlWriter;
use crate::markdown::{headings::HeadingId, sanitiser::ID_PREFIX};

impl HtmlWriter {
    /// Writes the start of a heading, with an id if it has one.
    pub(super) fn heading(&mut self, level: u8) {
        self.begin_line();
        let level = self.levels.enter(level);
        let Some(HeadingId { id, former }) = self.ids.next() else {
            let _ = write!(self.html, "<h{level}>");
            return;
        };
        let _ = write!(self.html, "<h{level} id=\"{ID_PREFIX}{id}\">");
        if let Some(former) = former {
            let _ = write!(self.html, "<span id=\"{ID_PREFIX}{former}\"></span>");
        }
        self.id = Some(id);
    }

    pub(super) fn end_heading(&mut self) {
        if let Some(id) = self.id.take() {
            let _ = write!(
                self.html,
                "<a class=\"anchor\" href=\"#{ID_PREFIX}{id}\" aria-label=\"Link to this part\"></a>"
            );
        }
        let level = self.levels.current();
        let _ = writeln!(self.html, "</h{level}>");
    }
}
