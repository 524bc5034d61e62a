//! HTML that an author has written between Markdown. It ends with its block: a tag that is left open would be opened
//! again in every paragraph that follows (HTML, "reconstruct the active formatting elements"), and a text of 100 KB would
//! become gigabytes.

use pulldown_cmark::{CowStr, Event};

use super::sanitiser;

/// Tags in a text beyond this many are shown, not obeyed: reading those that nest takes a time that grows with the
/// square of their number.
const TAGS_MAX: usize = 2_000;
/// Of a block of HTML, so many tags may be of the kind that is opened again.
const FORMATTING_MAX: usize = 100;
/// Tags in a line of text that are open at a time.
const OPEN_MAX: usize = 16;
/// What may stand in a line of text.
const INLINE: [&str; 14] = [
    "a", "abbr", "b", "code", "del", "em", "i", "kbd", "s", "span", "strong", "sub", "sup", "u",
];
/// The same, without an end.
const VOID: [&str; 2] = ["br", "img"];
/// What HTML opens again by itself.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// The tags of a text, as far as it has been read.
#[derive(Default)]
pub(super) struct RawTags {
    count: usize,
    open: Vec<&'static str>,
}

impl RawTags {
    /// A block of HTML, complete in itself.
    pub(super) fn block<'a>(&mut self, html: String) -> Event<'a> {
        self.count += html.matches('<').count();
        let formatting = html
            .match_indices('<')
            .filter_map(|(at, _)| name(html.get(at + 1..)?, &FORMATTING))
            .count();
        if self.count > TAGS_MAX || formatting > FORMATTING_MAX {
            Event::Text(html.into())
        } else {
            Event::Html(sanitiser::clean(&html).into())
        }
    }

    /// One tag in a line of text. One that may not be there is shown: it may be meant, as in `Vec<T>`.
    pub(super) fn inline<'a>(&mut self, tag: &str) -> Event<'a> {
        self.count += 1;
        let shown = || Event::Text(CowStr::from(tag.to_owned()));
        let obeyed = || Event::InlineHtml(CowStr::from(tag.to_owned()));
        if tag.starts_with("<!--") {
            return Event::InlineHtml(CowStr::from(""));
        }
        if self.count > TAGS_MAX {
            return shown();
        }
        let inside = tag.trim_start_matches('<');
        if let Some(inside) = inside.strip_prefix('/') {
            let opened =
                name(inside, &INLINE).and_then(|name| self.open.iter().rposition(|open| *open == name));
            return match opened {
                Some(place) => Event::InlineHtml(self.close_from(place).into()),
                None => shown(),
            };
        }
        if name(inside, &VOID).is_some() {
            return obeyed();
        }
        match name(inside, &INLINE) {
            Some(name) if self.open.len() < OPEN_MAX => {
                self.open.push(name);
                obeyed()
            }
            _ => shown(),
        }
    }

    /// The ends of what is open.
    pub(super) fn close(&mut self) -> Option<String> {
        (!self.open.is_empty()).then(|| self.close_from(0))
    }

    fn close_from(&mut self, place: usize) -> String {
        let mut ends = String::new();
        for name in self.open.drain(place..).rev() {
            ends.push_str("</");
            ends.push_str(name);
            ends.push('>');
        }
        ends
    }
}

/// Which of `names` the inside of a tag begins with.
fn name(inside: &str, names: &[&'static str]) -> Option<&'static str> {
    let end = inside
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(inside.len());
    let found = inside.get(..end)?;
    names
        .iter()
        .find(|name| found.eq_ignore_ascii_case(name))
        .copied()
}
