//! Notes at the end of a text: numbered in the order in which the text leads to them, each with the way back.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::sanitiser::ID_PREFIX;

/// What a text is made of, by the name of the note that it stands in.
pub(super) type Definitions<'a> = HashMap<CowStr<'a>, Vec<Event<'a>>>;

/// Takes the notes out of a text.
pub(super) fn split<'a>(events: impl Iterator<Item = Event<'a>>) -> (Vec<Event<'a>>, Definitions<'a>) {
    let mut body = Vec::new();
    let mut definitions = Definitions::new();
    let mut open: Vec<(CowStr<'a>, Vec<Event<'a>>)> = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => open.push((name, Vec::new())),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((name, content)) = open.pop() {
                    definitions.entry(name).or_insert(content);
                }
            }
            event => open
                .last_mut()
                .map_or(&mut body, |(_, content)| content)
                .push(event),
        }
    }
    (body, definitions)
}

/// The notes that the text has led to so far.
#[derive(Default)]
pub(super) struct Notes<'a> {
    definitions: Definitions<'a>,
    numbers: HashMap<CowStr<'a>, usize>,
    waiting: Vec<(usize, Vec<Event<'a>>)>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(definitions: Definitions<'a>) -> Self {
        Self {
            definitions,
            ..Self::default()
        }
    }

    /// What stands in the text for the note called `name`.
    pub(super) fn reference(&mut self, name: &CowStr<'a>) -> Event<'a> {
        if let Some(number) = self.numbers.get(name) {
            return link(*number, false);
        }
        let Some(content) = self.definitions.remove(name) else {
            return Event::Text(format!("[^{name}]").into());
        };
        let number = self.numbers.len() + 1;
        self.numbers.insert(name.clone(), number);
        self.waiting.push((number, content));
        link(number, true)
    }

    /// The next notes to write. Writing them may lead to more.
    pub(super) fn take(&mut self) -> Vec<(usize, Vec<Event<'a>>)> {
        std::mem::take(&mut self.waiting)
    }
}

fn link<'a>(number: usize, first: bool) -> Event<'a> {
    // The way back leads to the first of several.
    let id = if first {
        format!(" id=\"{ID_PREFIX}reference-{number}\"")
    } else {
        String::new()
    };
    Event::InlineHtml(
        format!(
            "<sup{id}><a href=\"#{ID_PREFIX}note-{number}\" aria-label=\"Note {number}\">{number}</a></sup>"
        )
        .into(),
    )
}

/// What begins note `number`.
pub(super) fn start<'a>(number: usize) -> Event<'a> {
    Event::Html(format!("<li id=\"{ID_PREFIX}note-{number}\">").into())
}

/// The way back from note `number` to the text.
pub(super) fn back<'a>(number: usize) -> Event<'a> {
    let link = format!(
        "<a class=\"footnote-back\" href=\"#{ID_PREFIX}reference-{number}\" aria-label=\"Back to the text\">↩</a>"
    );
    Event::InlineHtml(link.into())
}
