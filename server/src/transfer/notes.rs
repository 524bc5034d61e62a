//! Notes about changes and losses of imported texts.

use std::{borrow::Cow, collections::HashMap};

/// The maximum number of notes of a kind that name the text or object they are about. Others are only counted.
const NAMED_MAX: usize = 50_000;
/// The maximum number of characters of a name.
const NAME_MAX: usize = 100;

/// A note about something that was changed or omitted in an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The title of the text, or an empty string for the whole site.
    pub title: String,
    /// The kind of change or loss, as a clause in lower case. There are only a few kinds.
    pub what: Cow<'static, str>,
    /// The name of the object that was changed or lost, if it has one.
    pub which: String,
    /// The number of occurrences.
    pub count: usize,
}

impl Note {
    /// Returns the change or loss with the name of the object.
    #[must_use]
    pub fn message(&self) -> String {
        if self.which.is_empty() {
            self.what.clone().into_owned()
        } else {
            format!("{}: {}", self.what, self.which)
        }
    }
}

/// A collection of notes. Identical notes are combined.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The position among all notes and the number of occurrences, by title, kind and name.
    counts: HashMap<(String, Cow<'static, str>, String), (usize, usize)>,
    /// The number of notes of each kind.
    kinds: HashMap<Cow<'static, str>, usize>,
}

impl Notes {
    /// Notes that `what` has happened `count` times to the object called `which` in the text called `title`. Both names
    /// may be empty.
    pub(super) fn add(&mut self, title: String, what: Cow<'static, str>, which: &str, count: usize) {
        let place = self.counts.len();
        let mut about = (title, what, short(which));
        if !self.counts.contains_key(&about) {
            let of_kind = self.kinds.entry(about.1.clone()).or_default();
            *of_kind += 1;
            if *of_kind > NAMED_MAX {
                about.0.clear();
                about.2.clear();
            }
        }
        let (_, counted) = self.counts.entry(about).or_insert((place, 0));
        *counted += count;
    }

    /// Returns the notes in the order in which they were added.
    pub(super) fn into_vec(self) -> Vec<Note> {
        let mut counts: Vec<_> = self.counts.into_iter().collect();
        counts.sort_unstable_by_key(|(_, (place, _))| *place);
        let notes = counts.into_iter().map(|((title, what, which), (_, count))| Note {
            title,
            what,
            which,
            count,
        });
        notes.collect()
    }
}

/// Returns the beginning of `name` on one line.
fn short(name: &str) -> String {
    let mut characters = name.chars();
    let mut short: String = characters.by_ref().take(NAME_MAX).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_note_twice_is_one_that_counts_two() {
        let mut notes = Notes::default();
        for (title, which) in [("a", ""), ("b", "c"), ("a", ""), ("b", "d")] {
            notes.add(title.to_owned(), "left out".into(), which, 1);
        }
        let told = notes.into_vec();
        let told: Vec<_> = told.iter().map(|note| (note.message(), note.count)).collect();
        let expected = [("left out", 2), ("left out: c", 1), ("left out: d", 1)];
        assert_eq!(told, expected.map(|(text, count)| (text.to_owned(), count)));
    }

    #[test]
    fn beyond_so_many_names_of_a_kind_the_others_are_counted() {
        let mut notes = Notes::default();
        let long = "x".repeat(1_000);
        for number in 0..NAMED_MAX + 10 {
            notes.add(format!("Text {number}"), "left out".into(), &long, 1);
        }
        let told = notes.into_vec();
        assert_eq!(told.len(), NAMED_MAX + 1);
        let last = told.last().expect("a note");
        assert_eq!(
            (last.title.as_str(), last.which.as_str(), last.count),
            ("", "", 10)
        );
        assert!(told.iter().all(|note| note.which.chars().count() <= NAME_MAX + 1));
    }
}
