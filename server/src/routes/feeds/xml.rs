//! Writes XML elements with text.

use std::{borrow::Cow, io};

use quick_xml::{
    Writer,
    escape::partial_escape,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// A document that is being written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Creates an empty document with room for this many bytes.
    pub(super) fn with_capacity(capacity: usize) -> io::Result<Self> {
        let mut writer = Writer::new(Vec::with_capacity(capacity));
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        Ok(Self(writer))
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))
    }

    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(start(name, attributes)))
    }

    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        // Quotes need not be escaped in text, and HTML contains many.
        let text = partial_escape(allowed(text));
        self.0.write_event(Event::Text(BytesText::from_escaped(text)))?;
        self.close(name)
    }

    pub(super) fn finish(self) -> io::Result<String> {
        String::from_utf8(self.0.into_inner()).map_err(io::Error::other)
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, allowed(value).as_ref()));
    }
    start
}

/// Returns `text` without the characters that XML 1.0 does not allow, even in escaped form.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_allowed = |character: &char| matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    // Most texts contain no such character and need not be copied.
    if text.chars().all(|character| is_allowed(&character)) {
        return text.into();
    }
    text.chars().filter(is_allowed).collect()
}
