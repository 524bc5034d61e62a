//! Emphasis and code marks and their positions in a text.

/// A mark on both sides of emphasised text or code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub text: &'static str,
    /// Whether a run of this many characters contains the mark: three asterisks are bold and italic.
    is_in: fn(usize) -> bool,
}

pub(super) const BOLD: Mark = Mark {
    text: "**",
    is_in: |count| matches!(count % 4, 2 | 3),
};
pub(super) const ITALIC: Mark = Mark {
    text: "*",
    is_in: |count| count % 2 == 1,
};
pub(super) const CODE: Mark = Mark {
    text: "`",
    is_in: |count| count == 1,
};

/// A run of mark characters.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
}

impl Mark {
    /// Returns the range of the marked text that contains the positions `start` to `end`.
    pub(super) fn around(self, text: &[u16], start: usize, end: usize) -> Option<(usize, usize)> {
        let (first, last) = paragraph(text, start, end);
        // A mark at the cursor belongs to what is being typed, whatever is on its other side.
        let mut open = None;
        for run in self.runs(text, first, start) {
            open = match open {
                None => opens(text, run, start).then_some(run),
                Some(_) if closes(text, run, end) => None,
                open => open,
            };
        }
        let closing = self.runs(text, end, last).find(|run| closes(text, *run, end))?;
        Some((open?.end, closing.start))
    }

    /// Returns the part of `text` between two marks, if it begins and ends with them and contains no others.
    pub(super) fn inside(self, text: &str) -> Option<&str> {
        let size = self.text.len();
        let units: Vec<u16> = text.encode_utf16().collect();
        let runs: Vec<Run> = self.runs(&units, 0, units.len()).collect();
        let is_whole =
            matches!(runs.as_slice(), [first, last] if first.start == 0 && last.end == units.len());
        text.get(size..text.len().checked_sub(size)?).filter(|_| is_whole)
    }

    /// Returns the unescaped runs between two positions that contain this mark.
    fn runs(self, text: &[u16], from: usize, to: usize) -> impl Iterator<Item = Run> {
        let sign = self.text.encode_utf16().next();
        let is_sign = move |at: usize| text.get(at).copied() == sign && !is_escaped(text, at);
        let starts = (from..to).filter(move |at| is_sign(*at) && (*at == from || !is_sign(at - 1)));
        starts
            .map(move |start| Run {
                start,
                end: (start..to).find(|at| !is_sign(*at)).unwrap_or(to),
            })
            .filter(move |run| (self.is_in)(run.end - run.start))
    }
}

/// Returns whether marked text may begin after `run`; at the `cursor` there may be no text yet.
fn opens(text: &[u16], run: Run, cursor: usize) -> bool {
    run.end == cursor || text.get(run.end).is_some_and(|unit| !is_space(*unit))
}

/// Returns whether marked text may end before `run`; at the `cursor` it may end with a space.
fn closes(text: &[u16], run: Run, cursor: usize) -> bool {
    let before = run.start.checked_sub(1).and_then(|at| text.get(at));
    run.start == cursor || before.is_some_and(|unit| !is_space(*unit))
}

fn is_space(unit: u16) -> bool {
    char::from_u32(u32::from(unit)).is_some_and(char::is_whitespace)
}

fn is_escaped(text: &[u16], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let backslashes = before.iter().rev().take_while(|unit| **unit == u16::from(b'\\'));
    backslashes.count() % 2 == 1
}

/// Returns the range of the paragraph with the positions `start` to `end`: marks do not span blank lines.
fn paragraph(text: &[u16], start: usize, end: usize) -> (usize, usize) {
    let blank = [u16::from(b'\n'); 2];
    let is_blank = |pair: &[u16]| pair == blank;
    let above = text.get(..start).unwrap_or_default();
    let below = text.get(end..).unwrap_or_default();
    (
        above.windows(2).rposition(is_blank).map_or(0, |at| at + 2),
        below
            .windows(2)
            .position(is_blank)
            .map_or(text.len(), |at| end + at),
    )
}
