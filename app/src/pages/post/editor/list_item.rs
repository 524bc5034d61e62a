//! Continuation of lists and quotations with the Enter key.

use super::markup::Edit;

/// Returns the edit of the Enter key in `text` at the UTF-16 position `at`, or `None` if it only inserts a line
/// break.
pub(super) fn next(text: &str, at: usize) -> Option<Edit> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let before = String::from_utf16(units.get(..at)?).ok()?;
    let after = String::from_utf16(units.get(at..)?).ok()?;
    let line = before.rsplit('\n').next()?;
    if is_code(&before) {
        return None;
    }
    let marker = Marker::parse(line)?;
    let words = line.get(marker.length..)?;
    if !words.trim().is_empty() {
        let text = format!("\n{}", marker.next);
        let end = at + text.encode_utf16().count();
        return Some(Edit {
            start: at,
            end: at,
            text,
            select: (end, end),
        });
    }
    // On an empty item, Enter moves a level up or ends the list with a blank line.
    let is_last = after.split('\n').next().is_none_or(|rest| rest.trim().is_empty());
    let start = at - line.encode_utf16().count();
    let text = outer(&before, marker.indent).unwrap_or_else(|| "\n".to_owned());
    let end = start + text.encode_utf16().count();
    is_last.then_some(Edit {
        start,
        end: at,
        text,
        select: (end, end),
    })
}

/// Returns the marker of the next item of the parent list of an item indented by `indent`, if there is one.
fn outer(before: &str, indent: usize) -> Option<String> {
    let above = before
        .lines()
        .rev()
        .skip(1)
        .take_while(|line| !line.trim().is_empty());
    let mut markers = above.filter_map(Marker::parse);
    markers
        .find(|marker| marker.indent < indent)
        .map(|marker| marker.next)
}

/// Returns whether the end of `before` is inside a fenced code block.
fn is_code(before: &str) -> bool {
    let fences = before.lines().filter(|line| line.trim_start().starts_with("```"));
    fences.count() % 2 == 1
}

/// The marker at the beginning of a line.
struct Marker {
    /// The number of spaces before the marker.
    indent: usize,
    /// The length in bytes, including the spaces.
    length: usize,
    /// The marker of the next line.
    next: String,
}

impl Marker {
    fn parse(line: &str) -> Option<Self> {
        let words = line.trim_start_matches(' ');
        let indent = " ".repeat(line.len() - words.len());
        let (sign, next) = match words.split_at_checked(2)? {
            ("- ", task) if is_task(task) => (6, "- [ ] ".to_owned()),
            (sign @ ("- " | "* " | "+ " | "> "), _) => (2, sign.to_owned()),
            _ => {
                let digits = words.find(|character: char| !character.is_ascii_digit())?;
                let (number, rest) = words.split_at(digits);
                let end = rest.get(..2).filter(|end| matches!(*end, ". " | ") "))?;
                let number: u32 = number.parse().ok().filter(|number| *number < 999_999_999)?;
                (digits + 2, format!("{}{end}", number + 1))
            }
        };
        Some(Self {
            indent: indent.len(),
            length: indent.len() + sign,
            next: indent + &next,
        })
    }
}

fn is_task(text: &str) -> bool {
    ["[ ] ", "[x] ", "[X] "].iter().any(|sign| text.starts_with(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns `text` after Enter at the cursor `|`.
    fn enter(marked: &str) -> String {
        let at = marked.find('|').unwrap_or_default();
        let at = marked[..at].encode_utf16().count();
        let text = marked.replacen('|', "", 1);
        let Some(edit) = next(&text, at) else {
            return "as usual".to_owned();
        };
        let units: Vec<u16> = text.encode_utf16().collect();
        let part = |from, to| String::from_utf16_lossy(&units[from..to]);
        let typed = part(0, edit.start) + &edit.text + "|" + &part(edit.end, units.len());
        assert_eq!(edit.select.0, edit.start + edit.text.encode_utf16().count());
        typed
    }

    #[test]
    fn the_next_item_has_the_same_sign() {
        assert_eq!(enter("- 👩 one|"), "- 👩 one\n- |");
        assert_eq!(enter("  * a| b"), "  * a\n  * | b");
        assert_eq!(enter("x\n9. nine|\ny"), "x\n9. nine\n10. |\ny");
        assert_eq!(enter("1) a|"), "1) a\n2) |");
        assert_eq!(enter("- [x] done|"), "- [x] done\n- [ ] |");
        assert_eq!(enter("> said|"), "> said\n> |");
    }

    #[test]
    fn enter_in_an_empty_item_ends_the_list() {
        assert_eq!(enter("- one\n- |"), "- one\n\n|");
        assert_eq!(enter("- [ ] |"), "\n|");
        assert_eq!(enter("1. a\n2. |\n\nb"), "1. a\n\n|\n\nb");
        assert_eq!(enter("> a\n> |"), "> a\n\n|");
    }

    #[test]
    fn enter_in_an_empty_item_of_an_inner_list_leads_out_of_it() {
        assert_eq!(enter("1. a\n   - b\n   - |"), "1. a\n   - b\n2. |");
        assert_eq!(enter("- a\n\n  - |"), "- a\n\n\n|");
    }

    #[test]
    fn elsewhere_it_begins_a_new_line() {
        for text in [
            "plain|",
            "-no item|",
            "|- one",
            "```\n- code|",
            "3.14|",
            "**|",
            "é|",
        ] {
            assert_eq!(enter(text), "as usual", "{text}");
        }
    }
}
