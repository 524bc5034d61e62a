//! Headings below the title of the page.

use std::fmt::Write as _;

use super::Writer;
use crate::posts::markdown::{headings::HeadingId, sanitiser::ID_PREFIX};

impl Writer {
    /// A heading, with an id if a link can lead to it.
    pub(super) fn heading(&mut self, level: u8) {
        self.begin_line();
        let level = self.level(level);
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
        // The page's own heading is the first level.
        let level = (self.levels.len() + 1).min(6);
        let _ = writeln!(self.html, "</h{level}>");
    }

    /// Returns the level that a heading of this one has on the page: one below the heading that it belongs to, whatever number of
    /// marks its author is used to begin with, so that no level is left out. Headings in HTML stay as they are.
    fn level(&mut self, level: u8) -> usize {
        while self.levels.last().is_some_and(|open| *open >= level) {
            self.levels.pop();
        }
        self.levels.push(level);
        (self.levels.len() + 1).min(6)
    }
}
