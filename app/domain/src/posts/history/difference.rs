//! The difference between two texts, word by word.

use std::time::Duration;

use shared::model::history::{Change, Passage, Segment};
use similar::{ChangeTag, TextDiff};

/// The time after which the rest of two texts counts as replaced, although they may have words in common.
const DEADLINE: Duration = Duration::from_millis(150);
/// The number of unchanged lines that are shown before and after each change.
const CONTEXT: usize = 2;

/// Returns the difference between the texts `old` and `new`, without most lines that are in both.
pub(super) fn passages(old: &str, new: &str) -> Vec<Passage> {
    fold(lines(segments(old, new)))
}

/// Returns all of `text`, unchanged.
pub(super) fn whole(text: &str) -> Vec<Passage> {
    let lines = lines(same(text));
    lines.into_iter().map(Passage::Line).collect()
}

/// Returns `text` as it is in both of two texts.
pub(super) fn same(text: &str) -> Vec<Segment> {
    vec![Segment {
        change: Change::Same,
        text: text.to_owned(),
    }]
}

/// Returns the difference between `old` and `new`, which are single lines, or `None` if they are the same.
pub(super) fn of_line(old: &str, new: &str) -> Option<Vec<Segment>> {
    (old != new).then(|| segments(old, new))
}

/// Returns the difference between `old` and `new`. Successive words with the same change are one segment.
fn segments(old: &str, new: &str) -> Vec<Segment> {
    let words = TextDiff::configure()
        .timeout(DEADLINE)
        .diff_unicode_words(old, new);
    let mut segments: Vec<Segment> = Vec::new();
    for word in words.iter_all_changes() {
        let change = match word.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Insert => Change::Inserted,
            ChangeTag::Delete => Change::Deleted,
        };
        match segments.last_mut() {
            Some(last) if last.change == change => last.text.push_str(word.value()),
            _ => segments.push(Segment {
                change,
                text: word.value().to_owned(),
            }),
        }
    }
    segments
}

/// Divides `segments` at their line breaks. A line that ends in one text alone is divided as well.
fn lines(segments: Vec<Segment>) -> Vec<Vec<Segment>> {
    let mut lines = vec![Vec::new()];
    for Segment { change, text } in segments {
        for (number, part) in text.split('\n').enumerate() {
            if number > 0 {
                lines.push(Vec::new());
            }
            if let (Some(line), false) = (lines.last_mut(), part.is_empty()) {
                line.push(Segment {
                    change,
                    text: part.to_owned(),
                });
            }
        }
    }
    lines
}

/// Replaces the lines that are far from any change by their number.
fn fold(lines: Vec<Vec<Segment>>) -> Vec<Passage> {
    let is_changed = |line: &[Segment]| line.iter().any(|segment| segment.change != Change::Same);
    let changed: Vec<bool> = lines.iter().map(|line| is_changed(line)).collect();
    let mut passages = Vec::new();
    for (number, line) in lines.into_iter().enumerate() {
        let near = number.saturating_sub(CONTEXT)..(number + CONTEXT + 1).min(changed.len());
        if changed.get(near).is_some_and(|near| near.contains(&true)) {
            passages.push(Passage::Line(line));
        } else if let Some(Passage::Unchanged(count)) = passages.last_mut() {
            *count += 1;
        } else {
            passages.push(Passage::Unchanged(1));
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes deleted words in `[]` and inserted ones in `{}`, and each number of unchanged lines as `…`.
    fn written(passages: &[Passage]) -> String {
        let line = |line: &Vec<Segment>| {
            let segment = |Segment { change, text }: &Segment| match change {
                Change::Same => text.clone(),
                Change::Deleted => format!("[{text}]"),
                Change::Inserted => format!("{{{text}}}"),
            };
            line.iter().map(segment).collect::<String>()
        };
        let passage = |passage: &Passage| match passage {
            Passage::Unchanged(count) => format!("…{count}"),
            Passage::Line(segments) => line(segments),
        };
        let lines: Vec<String> = passages.iter().map(passage).collect();
        lines.join("\n")
    }

    #[test]
    fn words_that_were_exchanged_are_told_from_those_that_stayed() {
        assert_eq!(
            written(&passages("The old mill stands.", "The new mill stood.")),
            "The [old]{new} mill [stands]{stood}."
        );
    }

    #[test]
    fn a_new_paragraph_leaves_the_others_alone() {
        assert_eq!(
            written(&passages("One.\n\nThree.", "One.\n\nTwo.\n\nThree.")),
            "One.\n\n{Two.}\n\nThree."
        );
    }

    #[test]
    fn lines_far_from_a_change_are_counted() {
        let old: Vec<String> = (0..20).map(|number| format!("line {number}")).collect();
        let mut new = old.clone();
        new[10] = "another".to_owned();
        assert_eq!(
            written(&passages(&old.join("\n"), &new.join("\n"))),
            "…8\nline 8\nline 9\n[line 10]{another}\nline 11\nline 12\n…7"
        );
    }

    #[test]
    fn the_same_text_has_no_changed_line() {
        assert_eq!(written(&passages("a\nb", "a\nb")), "…2");
        assert_eq!(of_line("a", "a"), None);
    }

    #[test]
    fn nothing_is_lost_between_two_texts_that_have_nothing_in_common() {
        let old = "alpha beta\n".repeat(20_000);
        let new = "gamma delta\n".repeat(20_000);
        let (mut deleted, mut inserted) = (0, 0);
        for passage in passages(&old, &new) {
            let Passage::Line(line) = passage else { continue };
            for segment in line {
                match segment.change {
                    Change::Deleted => deleted += segment.text.matches("alpha").count(),
                    Change::Inserted => inserted += segment.text.matches("gamma").count(),
                    Change::Same => {}
                }
            }
        }
        assert_eq!((deleted, inserted), (20_000, 20_000));
    }
}
