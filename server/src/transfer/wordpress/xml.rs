//! The parts of an XML file, read as far as it can be: what real sites export is not always XML.

/// A part of the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'a> {
    Start {
        name: &'a str,
        attributes: &'a str,
        is_empty: bool,
        source: &'a str,
    },
    End {
        name: &'a str,
        source: &'a str,
    },
    Text(&'a str),
    /// Text without marks; whether it has an end.
    Data(&'a str, bool),
    /// Comments, and what is for the reader of the file.
    Other,
}

impl Token<'_> {
    /// Whether an item ends before it, whatever is open.
    pub(super) fn ends_item(self) -> bool {
        match self {
            Self::Start { name, .. } => name == "item",
            Self::End { name, .. } => ["channel", "item"].contains(&name),
            Self::Text(_) | Self::Data(..) | Self::Other => false,
        }
    }
}

/// Reads a file.
pub(super) struct Reader<'a> {
    rest: &'a str,
    /// How many characters were left out because they are none.
    pub left_out: usize,
    /// Nothing in the rest can end a tag: it is not searched again.
    has_no_more_tags: bool,
}

impl<'a> Reader<'a> {
    /// Returns a reader of `xml`.
    pub(super) const fn new(xml: &'a str) -> Self {
        Self {
            rest: xml,
            left_out: 0,
            has_no_more_tags: false,
        }
    }

    /// Returns the rest of the file, to which [`Self::back`] leads.
    pub(super) const fn place(&self) -> &'a str {
        self.rest
    }

    /// Goes back to a `place` where it was.
    pub(super) const fn back(&mut self, place: &'a str) {
        self.rest = place;
    }

    /// Returns the next part.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest;
        let after = match rest.strip_prefix('<') {
            None if rest.is_empty() => return None,
            None => return Some(Token::Text(self.take(rest.find('<').unwrap_or(rest.len())))),
            Some(after) => after,
        };
        for (begin, end) in [("![CDATA[", "]]>"), ("!--", "-->"), ("?", "?>"), ("!", ">")] {
            let Some(content) = after.strip_prefix(begin) else {
                continue;
            };
            let (content, after) = content
                .split_once(end)
                .map_or((content, None), |(content, after)| (content, Some(after)));
            self.rest = after.unwrap_or_default();
            return Some(if begin == "![CDATA[" {
                Token::Data(content, after.is_some())
            } else {
                Token::Other
            });
        }
        let inside = after.strip_prefix('/').unwrap_or(after);
        let is_tag = inside.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
        let end = if is_tag && !self.has_no_more_tags {
            let end = rest.find('>');
            self.has_no_more_tags = end.is_none();
            end
        } else {
            None
        };
        let Some(end) = end else {
            // No mark, but what stands for "less than".
            let end = after.find('<').map_or(rest.len(), |end| end + 1);
            return Some(Token::Text(self.take(end)));
        };
        let source = self.take(end + 1);
        let tag = source.trim_start_matches('<').trim_end_matches('>');
        if let Some(name) = tag.strip_prefix('/') {
            return Some(Token::End {
                name: name.trim(),
                source,
            });
        }
        let is_empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag
            .split_once(|char: char| char.is_ascii_whitespace())
            .unwrap_or((tag, ""));
        Some(Token::Start {
            name,
            attributes,
            is_empty,
            source,
        })
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// The text up to the end of the element called `name`, and whether there is such an end. Marks in it are text.
    pub(super) fn text(&mut self, name: &str) -> (String, bool) {
        let mut text = String::new();
        let mut is_whole = true;
        loop {
            let before = self.rest;
            match self.next() {
                None => return (text, false),
                Some(Token::End { name: ended, .. }) if ended == name => return (text, is_whole),
                Some(token) if token.ends_item() => {
                    self.rest = before;
                    return (text, false);
                }
                Some(Token::Text(part)) => self.add(&decoded(part), &mut text),
                Some(Token::Data(part, is_ended)) => {
                    is_whole &= is_ended;
                    self.add(part, &mut text);
                }
                Some(Token::Start { source, .. } | Token::End { source, .. }) => self.add(source, &mut text),
                Some(Token::Other) => {}
            }
        }
    }

    /// Adds `part`, but for what is no character in XML (2.2).
    fn add(&mut self, part: &str, to: &mut String) {
        for char in part.chars() {
            if matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
            {
                self.left_out += 1;
            } else {
                to.push(char);
            }
        }
    }
}

/// The name of an element without that of its vocabulary. Of two with one name, the excerpt is called so.
pub(super) fn local(name: &str) -> &str {
    match name {
        "excerpt:encoded" => "excerpt",
        name => name.rsplit(':').next().unwrap_or(name),
    }
}

/// Returns the value of the attribute called `name`; nothing where there is none.
pub(super) fn attribute(attributes: &str, name: &str) -> String {
    let after = attributes
        .match_indices(name)
        .find_map(|(at, _)| attributes.get(at + name.len()..)?.trim_start().strip_prefix('='));
    let value = after.map(str::trim_start).unwrap_or_default();
    let quote = value.chars().next().filter(|char| ['"', '\''].contains(char));
    quote
        .and_then(|quote| value.get(1..)?.split(quote).next())
        .map(decoded)
        .unwrap_or_default()
}

/// `text` with the characters that XML names; other names are those of HTML.
fn decoded(text: &str) -> String {
    const LONGEST: usize = 10;
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('&') {
        kept.push_str(before);
        let end = after.bytes().take(LONGEST).position(|byte| byte == b';');
        let named = end.and_then(|end| {
            let char = character(after.get(..end)?)?;
            Some((char, after.get(end + 1..)?))
        });
        if let Some((char, after)) = named {
            kept.push(char);
            rest = after;
        } else {
            kept.push('&');
            rest = after;
        }
    }
    kept.push_str(rest);
    kept
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
