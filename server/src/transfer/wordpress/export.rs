//! The file, read as far as it can be: what real sites export is not always XML.

use super::super::html;

/// A site, as the file has it.
#[derive(Debug, Default)]
pub(super) struct Export {
    /// The site's address.
    pub address: String,
    pub authors: Vec<Fields>,
    pub items: Vec<Item>,
}

/// The content of an element: each element in it with its text.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

/// A text, a picture, or whatever else a site has.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub fields: Fields,
    pub terms: Vec<Term>,
    pub meta: Vec<Fields>,
    pub comments: usize,
    /// How many characters were left out because they are none.
    pub left_out: usize,
    /// Whether the file ends, or goes on with something else, before it does.
    pub is_cut: bool,
}

/// A tag or a category.
#[derive(Debug, Default)]
pub(super) struct Term {
    pub domain: String,
    pub nicename: String,
    pub name: String,
}

impl Fields {
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of the first element called `name`.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, text)| text.trim())
    }
}

impl Item {
    /// Returns the value under the name `key` among an item's further data.
    pub(super) fn meta(&self, key: &str) -> &str {
        let found = self.meta.iter().find(|meta| meta.get("meta_key") == key);
        found.map_or("", |meta| meta.get("meta_value"))
    }
}

/// Reads `xml`.
pub(super) fn read(xml: &str) -> Result<Export, &'static str> {
    let mut reader = Reader {
        rest: xml,
        left_out: 0,
        has_no_more_tags: false,
    };
    let mut export = Export::default();
    let (mut is_channel, mut is_export) = (false, false);
    while let Some(token) = reader.next() {
        let Token::Start { name, is_empty, .. } = token else {
            continue;
        };
        match local(name) {
            "channel" => is_channel = true,
            "wxr_version" if !is_empty => is_export = !reader.text(name).0.trim().is_empty(),
            "base_blog_url" | "base_site_url" | "link" if !is_empty => {
                let address = reader.text(name).0;
                if export.address.is_empty() {
                    address.trim().clone_into(&mut export.address);
                }
            }
            "author" if !is_empty => export.authors.push(reader.fields(name)),
            "item" if !is_empty => export.items.push(reader.item()),
            _ => {}
        }
    }
    if !is_channel {
        return Err("it is no XML file of WordPress: there is no channel in it");
    }
    if !is_export {
        return Err("it is no export of WordPress: it does not say in which version it is written");
    }
    Ok(export)
}

/// A part of the file.
#[derive(Debug, Clone, Copy)]
enum Token<'a> {
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

struct Reader<'a> {
    rest: &'a str,
    left_out: usize,
    /// Nothing in the rest can end a tag: it is not searched again.
    has_no_more_tags: bool,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
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
    fn text(&mut self, name: &str) -> (String, bool) {
        let mut text = String::new();
        let mut is_whole = true;
        loop {
            let before = self.rest;
            match self.next() {
                None => return (text, false),
                Some(Token::End { name: ended, .. }) if ended == name => return (text, is_whole),
                Some(
                    Token::End {
                        name: "item" | "channel",
                        ..
                    }
                    | Token::Start { name: "item", .. },
                ) => {
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

    /// The elements up to the end of the one called `around`.
    fn fields(&mut self, around: &str) -> Fields {
        let mut fields = Vec::new();
        loop {
            let before = self.rest;
            match self.next() {
                Some(Token::End { name, .. }) if name == around => break,
                Some(
                    Token::End {
                        name: "item" | "channel",
                        ..
                    }
                    | Token::Start { name: "item", .. },
                ) => {
                    self.rest = before;
                    break;
                }
                Some(Token::Start {
                    name,
                    is_empty: false,
                    ..
                }) => {
                    let text = self.text(name).0;
                    fields.push((local(name).to_owned(), text));
                }
                None => break,
                Some(_) => {}
            }
        }
        Fields(fields)
    }

    fn item(&mut self) -> Item {
        let mut item = Item::default();
        self.left_out = 0;
        item.is_cut = !self.fill(&mut item);
        item.left_out = self.left_out;
        item
    }

    /// Reads an item, and returns whether it was whole.
    fn fill(&mut self, item: &mut Item) -> bool {
        let mut is_whole = true;
        loop {
            let before = self.rest;
            match self.next() {
                None => return false,
                Some(Token::End { name: "item", .. }) => return is_whole,
                Some(Token::Start { name: "item", .. } | Token::End { name: "channel", .. }) => {
                    self.rest = before;
                    return false;
                }
                Some(Token::Start {
                    name,
                    attributes,
                    is_empty: false,
                    ..
                }) => match local(name) {
                    "postmeta" => {
                        let meta = self.fields(name);
                        item.meta.push(meta);
                    }
                    "comment" => {
                        self.fields(name);
                        item.comments += 1;
                    }
                    "category" => {
                        let (text, is_ended) = self.text(name);
                        is_whole &= is_ended;
                        item.terms.push(Term {
                            domain: attribute(attributes, "domain"),
                            nicename: attribute(attributes, "nicename"),
                            name: html::words(&text),
                        });
                    }
                    field => {
                        let (text, is_ended) = self.text(name);
                        is_whole &= is_ended;
                        item.fields.0.push((field.to_owned(), text));
                    }
                },
                Some(_) => {}
            }
        }
    }
}

/// The name of an element without that of its vocabulary. Of two with one name, the excerpt is called so.
fn local(name: &str) -> &str {
    match name {
        "excerpt:encoded" => "excerpt",
        name => name.rsplit(':').next().unwrap_or(name),
    }
}

fn attribute(attributes: &str, name: &str) -> String {
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
