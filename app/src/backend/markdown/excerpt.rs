//! The beginning of a text, without markup.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::parser;

/// An excerpt has at most this many characters.
const EXCERPT_MAX: usize = 280;
/// An excerpt is made from at most this many parts of the text.
const EVENTS_MAX: usize = 1_000;

/// The beginning of `markdown` as plain text, cut between words. Headings, notes, tables and programs are no beginning,
/// unless there is nothing but headings.
pub(super) fn of(markdown: &str) -> String {
    let excerpt = without(markdown, true);
    if excerpt.is_empty() {
        without(markdown, false)
    } else {
        excerpt
    }
}

fn without(markdown: &str, headings: bool) -> String {
    let mut text = String::new();
    let mut is_aside = false;
    for (number, event) in parser(markdown).enumerate() {
        match event {
            Event::Start(Tag::Heading { .. }) if headings => is_aside = true,
            Event::End(TagEnd::Heading(_)) if headings => is_aside = false,
            Event::Start(Tag::FootnoteDefinition(_) | Tag::Table(_) | Tag::CodeBlock(_)) => is_aside = true,
            Event::End(TagEnd::FootnoteDefinition | TagEnd::Table | TagEnd::CodeBlock) => is_aside = false,
            _ if is_aside => {}
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Item) => text.push(' '),
            Event::End(tag) if !is_inline(tag) => text.push(' '),
            _ => {}
        }
        // A character takes at most four bytes: that is enough text, and a text without any ends as well.
        if number > EVENTS_MAX || text.len() > EXCERPT_MAX * 4 {
            break;
        }
    }
    shortened(text.split_whitespace())
}

/// Whether text goes on in the same line after `tag`.
const fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

fn shortened<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut short = String::new();
    let mut length = 0;
    for word in words {
        let more = word.chars().count() + usize::from(!short.is_empty());
        if length + more > EXCERPT_MAX - 1 {
            // A single word that is too long is cut; anything else ends before the word that does not fit.
            if short.is_empty() {
                short.extend(word.chars().take(EXCERPT_MAX - 1));
            }
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        length += more;
    }
    short
}
