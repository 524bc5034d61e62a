//! A tolerant XML reader, because the exports of real sites are not always well-formed.

/// A token of the file.
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
    /// A CDATA section, with whether it is complete.
    Data(&'a str, bool),
    /// A comment, declaration or processing instruction.
    Other,
}

impl Token<'_> {
    /// Returns whether the token ends an item, whatever elements are open.
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
    /// The number of invalid characters that were removed.
    pub left_out: usize,
    /// Whether the rest contains no end of a tag, so that it is not searched again.
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

    /// Returns the current position, to which [`Self::back`] can return.
    pub(super) const fn place(&self) -> &'a str {
        self.rest
    }

    /// Returns to an earlier position.
    pub(super) const fn back(&mut self, place: &'a str) {
        self.rest = place;
    }

    /// Returns the next token.
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
            // Not markup, but a less-than sign.
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

    /// Returns the text up to the end of the element `name`, and whether that end exists. Other markup within it is
    /// treated as text.
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

    /// Appends `part` to `to` without characters that are invalid in XML (2.2).
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

/// Returns the name of an element without its namespace prefix. The element for the excerpt would otherwise have the
/// same name as that for the content, so it is renamed.
pub(super) fn local(name: &str) -> &str {
    match name {
        "excerpt:encoded" => "excerpt",
        name => name.rsplit(':').next().unwrap_or(name),
    }
}

/// Returns the value of the attribute `name`, or an empty string if there is none.
pub(super) fn attribute(attributes: &str, name: &str) -> String {
    let after = attributes.match_indices(name).find_map(|(at, _)| {
        let (before, found) = attributes.split_at(at);
        // It may be the end of a longer name.
        let is_whole = before.chars().next_back().is_none_or(char::is_whitespace);
        let after = found.strip_prefix(name).filter(|_| is_whole)?;
        after.trim_start().strip_prefix('=')
    });
    let value = after.map(str::trim_start).unwrap_or_default();
    let quote = value.chars().next().filter(|char| ['"', '\''].contains(char));
    quote
        .and_then(|quote| value.get(1..)?.split(quote).next())
        .map(decoded)
        .unwrap_or_default()
}

/// Returns `text` with its character references replaced, including those of HTML.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_by_its_whole_name() {
        for (attributes, expected) in [
            ("domain=\"tag\" nicename='a&amp;b'", "tag"),
            ("x-domain=\"other\" domain = 'tag'", "tag"),
            ("subdomain=\"other\"", ""),
            ("domain", ""),
            ("domains=\"other\"", ""),
        ] {
            assert_eq!(attribute(attributes, "domain"), expected, "{attributes}");
        }
    }
}
