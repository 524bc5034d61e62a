//! Formatting commands: pure functions on a text, with positions in UTF-16 code units as in browsers.

use super::mark::{self, Mark};

/// A formatting command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Bold,
    Italic,
    Heading,
    Link,
    Quote,
    Code,
    List,
}

/// A replacement of a range and the selection after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub select: (usize, usize),
}

/// Returns the edit of `command` in `text` with the selection `start` to `end`. Applying it twice restores the text.
pub(super) fn edit(text: &str, start: usize, end: usize, command: Command) -> Edit {
    let text: Vec<u16> = text.encode_utf16().collect();
    let end = end.min(text.len());
    let start = start.min(end);
    match command {
        Command::Bold => wrapped(&text, start, end, mark::BOLD),
        Command::Italic => wrapped(&text, start, end, mark::ITALIC),
        Command::Code if slice(&text, start, end).contains('\n') => fenced(&text, start, end),
        Command::Code => wrapped(&text, start, end, mark::CODE),
        Command::Heading => lines(&text, start, end, "## "),
        Command::Quote => lines(&text, start, end, "> "),
        Command::List => lines(&text, start, end, "- "),
        Command::Link => linked(&text, start, end),
    }
}

/// Returns the edit that replaces the selection by `block` as a separate paragraph.
pub(super) fn insert(text: &str, start: usize, end: usize, block: &str) -> Edit {
    let text: Vec<u16> = text.encode_utf16().collect();
    let end = end.min(text.len());
    let start = start.min(end);
    let before = slice(&text, 0, start);
    let after = slice(&text, end, text.len());
    let gap = |missing: usize| "\n".repeat(missing);
    let above = match before.trim_end_matches(' ') {
        "" => 0,
        before if before.ends_with("\n\n") => 0,
        before if before.ends_with('\n') => 1,
        _ => 2,
    };
    let below = if after.starts_with("\n\n") {
        0
    } else if after.starts_with('\n') {
        1
    } else {
        2
    };
    let text = format!("{}{block}{}", gap(above), gap(below));
    let at = start + length(&text);
    Edit {
        start,
        end,
        text,
        select: (at, at),
    }
}

fn slice(text: &[u16], start: usize, end: usize) -> String {
    String::from_utf16_lossy(text.get(start..end).unwrap_or_default())
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Returns the edit of an emphasis or code mark: wraps the selection, removes the surrounding marks, or moves the
/// cursor from the end of the marked text past the mark.
fn wrapped(text: &[u16], start: usize, end: usize, mark: Mark) -> Edit {
    let selected = slice(text, start, end);
    if selected.contains("\n\n") {
        return wrapped_each(start, end, &selected, mark.text);
    }
    let size = length(mark.text);
    if let Some((first, last)) = mark.around(text, start, end) {
        let inner = slice(text, first, last);
        let words = inner.trim_end();
        if start == end && end == last && !words.is_empty() {
            // A closing mark has no effect after a space.
            let spaces = inner.get(words.len()..).unwrap_or_default();
            let after = end + size;
            return Edit {
                start: end - length(spaces),
                end: after,
                text: format!("{}{spaces}", mark.text),
                select: (after, after),
            };
        }
        return Edit {
            start: first - size,
            end: last + size,
            select: (start - size, end - size),
            text: inner,
        };
    }
    // A double click may also select the space after a word.
    let words = selected.trim();
    let start = start + length(&selected) - length(selected.trim_start());
    let end = start + length(words);
    if let Some(inner) = mark.inside(words) {
        return Edit {
            start,
            end,
            select: (start, start + length(inner)),
            text: inner.to_owned(),
        };
    }
    Edit {
        start,
        end,
        select: (start + size, end + size),
        text: format!("{0}{words}{0}", mark.text),
    }
}

/// Wraps each selected paragraph in `mark`, or unwraps them if all are: marks do not span blank lines.
fn wrapped_each(start: usize, end: usize, selected: &str, mark: &str) -> Edit {
    let inner = |part: &str| part.strip_prefix(mark)?.strip_suffix(mark).map(str::to_owned);
    let parts = || selected.split("\n\n");
    let is_text = |part: &&str| !part.trim().is_empty();
    let all = parts().filter(is_text).all(|part| inner(part).is_some());
    let changed: Vec<String> = parts()
        .map(|part| match inner(part) {
            Some(inner) if all => inner,
            _ if part.trim().is_empty() => part.to_owned(),
            _ => format!("{mark}{part}{mark}"),
        })
        .collect();
    let text = changed.join("\n\n");
    Edit {
        start,
        end,
        select: (start, start + length(&text)),
        text,
    }
}

/// Turns the selected lines into a fenced code block, or back.
fn fenced(text: &[u16], start: usize, end: usize) -> Edit {
    const FENCE: usize = 4;
    let selected = slice(text, start, end);
    let is_fenced = slice(text, start.saturating_sub(FENCE), start) == "```\n"
        && slice(text, end, (end + FENCE).min(text.len())) == "\n```";
    if is_fenced {
        return Edit {
            start: start - FENCE,
            end: end + FENCE,
            select: (start - FENCE, end - FENCE),
            text: selected,
        };
    }
    let is_line_start = start == 0 || slice(text, start - 1, start) == "\n";
    let above = if is_line_start { "```\n" } else { "\n```\n" };
    let is_line_end = end == text.len() || slice(text, end, end + 1) == "\n";
    let below = match (selected.ends_with('\n'), is_line_end) {
        (true, true) => "```",
        (true, false) => "```\n",
        (false, true) => "\n```",
        (false, false) => "\n```\n",
    };
    let from = start + length(above);
    Edit {
        start,
        end,
        select: (from, from + length(&selected)),
        text: format!("{above}{selected}{below}"),
    }
}

fn linked(text: &[u16], start: usize, end: usize) -> Edit {
    if let Some(edit) = unlinked(text, start, end) {
        return edit;
    }
    let selected = slice(text, start, end);
    let is_address = selected.starts_with("https://") || selected.starts_with("http://");
    let (text, select) = if is_address {
        (format!("[]({selected})"), (start + 1, start + 1))
    } else {
        let address = start + length(&selected) + 3;
        (
            format!("[{selected}](https://)"),
            (address, address + length("https://")),
        )
    };
    Edit {
        start,
        end,
        text,
        select,
    }
}

/// Returns the edit that replaces the link around the selection by its text, or by its URL if there is no text.
fn unlinked(text: &[u16], start: usize, end: usize) -> Option<Edit> {
    let (first, last) = line_of(text, start, end);
    let line = slice(text, first, last);
    for (open, _) in line.match_indices('[') {
        let Some((words, rest)) = line.get(open + 1..)?.split_once("](") else {
            continue;
        };
        let Some((address, _)) = rest.split_once(')') else {
            continue;
        };
        let from = first + length(line.get(..open)?);
        let to = from + length(words) + length(address) + 4;
        let is_link = !words.contains(['[', ']', '\n']) && !address.contains(['(', '[', '\n', ' ']);
        if is_link && from < start && end < to {
            let left = match (words, address) {
                ("", "https://") => "",
                ("", address) => address,
                (words, _) => words,
            };
            return Some(Edit {
                start: from,
                end: to,
                select: (from, from + length(left)),
                text: left.to_owned(),
            });
        }
    }
    None
}

/// Returns the range of the selected lines.
fn line_of(text: &[u16], start: usize, end: usize) -> (usize, usize) {
    let newline = u16::from(b'\n');
    let head = text.get(..start).unwrap_or_default();
    let first = head.iter().rposition(|unit| *unit == newline);
    let tail = text.get(end..).unwrap_or_default();
    let last = tail.iter().position(|unit| *unit == newline);
    (
        first.map_or(0, |at| at + 1),
        last.map_or(text.len(), |at| end + at),
    )
}

/// Adds `prefix` to each selected line, or removes it if all have it.
fn lines(text: &[u16], start: usize, end: usize, prefix: &str) -> Edit {
    let (first, last) = line_of(text, start, end);
    let block = slice(text, first, last);
    let all = block.split('\n').all(|line| line.starts_with(prefix));
    let changed: Vec<String> = block
        .split('\n')
        .map(|line| {
            if all {
                line.strip_prefix(prefix).unwrap_or(line).to_owned()
            } else {
                format!("{prefix}{line}")
            }
        })
        .collect();
    let changed = changed.join("\n");
    let size = length(&changed);
    // The cursor stays at the same character.
    let select = if start == end {
        let moved = if all {
            start.saturating_sub(length(prefix)).max(first)
        } else {
            start + length(prefix)
        };
        (moved, moved)
    } else {
        (first, first + size)
    };
    Edit {
        start: first,
        end: last,
        text: changed,
        select,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the result of `command`, with the selection between `|` and `|`.
    fn done(marked: &str, command: Command) -> String {
        let parts: Vec<&str> = marked.split('|').collect();
        let (start, end) = (length(parts[0]), length(parts[0]) + length(parts[1]));
        let text = parts.concat();
        applied(&text, &edit(&text, start, end, command))
    }

    fn applied(text: &str, edit: &Edit) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let text = slice(&units, 0, edit.start) + &edit.text + &slice(&units, edit.end, units.len());
        let units: Vec<u16> = text.encode_utf16().collect();
        let (start, end) = edit.select;
        [
            slice(&units, 0, start),
            slice(&units, start, end),
            slice(&units, end, units.len()),
        ]
        .join("|")
    }

    #[test]
    fn emphasis_is_put_around_what_is_selected_and_taken_away_again() {
        assert_eq!(done("a |b| c", Command::Bold), "a **|b|** c");
        assert_eq!(done("a **|b|** c", Command::Bold), "a |b| c");
        assert_eq!(done("a **|b|** c", Command::Italic), "a ***|b|*** c");
        assert_eq!(done("a || c", Command::Italic), "a *||* c");
        assert_eq!(done("👩 |é👩| x", Command::Code), "👩 `|é👩|` x");
        assert_eq!(done("|a\n\nb|", Command::Bold), "|**a**\n\n**b**|");
        assert_eq!(done("|**a**\n\n**b**|", Command::Bold), "|a\n\nb|");
    }

    #[test]
    fn at_its_end_a_second_time_leaves_the_marked_text() {
        for (before, command, after) in [
            ("**bold||**", Command::Bold, "**bold**||"),
            ("a *b c||*, d", Command::Italic, "a *b c*||, d"),
            ("👩 `é||` x", Command::Code, "👩 `é`|| x"),
            ("**bold ||**", Command::Bold, "**bold** ||"),
            ("***both||***", Command::Bold, "***both**||*"),
            ("***both||***", Command::Italic, "***both*||**"),
            ("***both**||*", Command::Italic, "***both***||"),
            ("*a **b||** c*", Command::Bold, "*a **b**|| c*"),
            ("**a** and **b||**", Command::Bold, "**a** and **b**||"),
        ] {
            assert_eq!(done(before, command), after);
        }
    }

    #[test]
    fn within_marked_text_the_marks_around_it_are_taken_away() {
        for (before, command, after) in [
            ("**||**", Command::Bold, "||"),
            ("*||*", Command::Italic, "||"),
            ("**b||old**", Command::Bold, "b||old"),
            ("**a |b| c** d", Command::Bold, "a |b| c d"),
            ("***|b|***", Command::Bold, "*|b|*"),
            ("***|b|***", Command::Italic, "**|b|**"),
            ("|**b**|", Command::Bold, "|b|"),
            ("|***b***|", Command::Italic, "|**b**|"),
            ("`a ||b`", Command::Code, "a ||b"),
        ] {
            assert_eq!(done(before, command), after);
        }
    }

    #[test]
    fn what_only_looks_like_a_mark_is_none() {
        for (before, command, after) in [
            ("2 * 3||", Command::Italic, "2 * 3*||*"),
            ("* item||\n* item", Command::Italic, "* item*||*\n* item"),
            ("\\*a||\\*", Command::Italic, "\\*a*||*\\*"),
            ("**a**||", Command::Bold, "**a****||**"),
            ("**a\n\nb||**", Command::Bold, "**a\n\nb**||****"),
            ("``a||``", Command::Code, "``a`||```"),
        ] {
            assert_eq!(done(before, command), after);
        }
    }

    #[test]
    fn spaces_at_the_ends_of_what_is_selected_stay_outside() {
        assert_eq!(done("a |word |b", Command::Bold), "a **|word|** b");
        assert_eq!(done("a | |b", Command::Bold), "a  **||**b");
    }

    #[test]
    fn a_link_is_made_of_words_or_of_an_address() {
        assert_eq!(done("see |this|.", Command::Link), "see [this](|https://|).");
        assert_eq!(
            done("|https://example.org|", Command::Link),
            "[||](https://example.org)"
        );
    }

    #[test]
    fn a_link_is_taken_away_again() {
        assert_eq!(done("see [é👩](|https://|).", Command::Link), "see |é👩|.");
        assert_eq!(
            done("see [|this|](https://example.org).", Command::Link),
            "see |this|."
        );
        assert_eq!(done("[](|https://a.org|) b", Command::Link), "|https://a.org| b");
        assert_eq!(done("[||](https://a.org) b", Command::Link), "|https://a.org| b");
        assert_eq!(done("see [](|https://|)", Command::Link), "see ||");
        assert_eq!(done("[here](https://a.org||)", Command::Link), "|here|");
        assert_eq!(done("[a](b) (|c|)", Command::Link), "[a](b) ([c](|https://|))");
    }

    #[test]
    fn whole_lines_are_quoted_and_unquoted() {
        assert_eq!(done("a\nb|c\nd|e\nf", Command::Quote), "a\n|> bc\n> de|\nf");
        assert_eq!(done("a\n|> bc\n> de|\nf", Command::Quote), "a\n|bc\nde|\nf");
        assert_eq!(done("on||e", Command::Heading), "## on||e");
        assert_eq!(done("## on||e", Command::Heading), "on||e");
        assert_eq!(done("||", Command::List), "- ||");
        assert_eq!(done("|a\nb|", Command::Code), "```\n|a\nb|\n```");
        assert_eq!(done("```\n|a\nb|\n```", Command::Code), "|a\nb|");
        assert_eq!(done("x |a\nb| y", Command::Code), "x \n```\n|a\nb|\n```\n y");
    }

    #[test]
    fn a_picture_stands_by_itself() {
        let put = |text: &str, at| applied(text, &insert(text, at, at, "![a](/b)"));
        assert_eq!(put("", 0), "![a](/b)\n\n||");
        assert_eq!(put("one two", 3), "one\n\n![a](/b)\n\n|| two");
        assert_eq!(put("one\n\ntwo", 5), "one\n\n![a](/b)\n\n||two");
    }

    #[test]
    fn a_selection_beyond_the_text_is_harmless() {
        assert_eq!(applied("ab", &edit("ab", 7, 9, Command::Bold)), "ab**||**");
    }
}
