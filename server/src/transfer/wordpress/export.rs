//! Reads the contents of an export file.

use super::xml::{Reader, Token, attribute, local};
use crate::transfer::html;

/// The elements of an item or an author that are used. Others are ignored.
const LOOKED_AT: &[&str] = &[
    "attachment_url",
    "author_display_name",
    "author_email",
    "author_id",
    "author_login",
    "comment_approved",
    "comment_author",
    "comment_content",
    "comment_date",
    "comment_date_gmt",
    "comment_id",
    "comment_parent",
    "comment_status",
    "comment_type",
    "comment_user_id",
    "creator",
    "encoded",
    "excerpt",
    "guid",
    "is_sticky",
    "link",
    "post_date",
    "post_date_gmt",
    "post_id",
    "post_modified",
    "post_modified_gmt",
    "post_name",
    "post_parent",
    "post_password",
    "post_type",
    "pubDate",
    "status",
    "title",
];
/// The elements of metadata, tags and categories that are used.
const MORE_LOOKED_AT: &[&str] = &[
    "category_description",
    "meta_key",
    "meta_value",
    "tag_description",
    "term_description",
];
/// The maximum length of the site's address in bytes. It is limited because it becomes the address of each text without
/// one.
const ADDRESS_MAX: usize = 2_000;

/// The contents of an export file.
#[derive(Debug, Default)]
pub(super) struct Export {
    /// The site's address.
    pub address: String,
    pub authors: Vec<Fields>,
    pub items: Vec<Item>,
    /// Whether the site has a title or a description.
    pub is_titled: bool,
    /// The number of tags and categories with a description.
    pub descriptions: usize,
    /// Whether the file is incomplete.
    pub is_cut: bool,
}

/// The child elements of an element, each with its text.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, String)>);

/// A text, a picture, or any other item of a site.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub fields: Fields,
    pub terms: Vec<Term>,
    /// The metadata: names and values.
    pub meta: Vec<(String, String)>,
    /// The comments on a text.
    pub comments: Vec<Fields>,
    /// The number of invalid characters that were removed.
    pub left_out: usize,
    /// Whether the item is incomplete.
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

    /// Returns the text of the first element called `name`.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| *field == name);
        found.map_or("", |(_, text)| text.trim())
    }

    /// Adds the text of an element, if it is the first one called `name` and is used.
    fn add(&mut self, name: &str, text: String) {
        let known = LOOKED_AT.iter().chain(MORE_LOOKED_AT);
        let known = known.into_iter().find(|known| **known == name);
        if let Some(known) = known
            && !self.0.iter().any(|(field, _)| field == known)
        {
            self.0.push((known, text));
        }
    }
}

impl Item {
    /// Returns the value of the metadata with the name `key`.
    pub(super) fn meta(&self, key: &str) -> &str {
        let found = self.meta.iter().find(|(name, _)| name == key);
        found.map_or("", |(_, value)| value)
    }
}

/// Parses `xml`.
pub(super) fn read(xml: &str) -> Result<Export, &'static str> {
    let mut reader = Reader::new(xml);
    let mut export = Export {
        is_cut: !xml.contains("</channel>"),
        ..Export::default()
    };
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
                let address = address.trim();
                if export.address.is_empty() && address.len() <= ADDRESS_MAX {
                    address.clone_into(&mut export.address);
                }
            }
            "title" | "description" if !is_empty => {
                export.is_titled |= !reader.text(name).0.trim().is_empty();
            }
            "author" if !is_empty => export.authors.push(reader.fields(name)),
            "category" | "tag" | "term" if !is_empty => {
                let fields = reader.fields(name);
                let descriptions = ["category_description", "tag_description", "term_description"];
                let is_described = descriptions.iter().any(|name| !fields.get(name).is_empty());
                export.descriptions += usize::from(is_described);
            }
            "item" if !is_empty => {
                let item = reader.item();
                // Empty items are dropped, because millions of them would take more memory than the file.
                if !item.fields.is_empty() {
                    export.items.push(item);
                }
            }
            _ => {}
        }
    }
    if !is_channel {
        return Err("it is not a WordPress XML file: there is no channel in it");
    }
    if !is_export {
        return Err("it is not a WordPress export: it does not say which version it is written in");
    }
    Ok(export)
}

impl Reader<'_> {
    /// Reads the elements up to the end of the element `around`.
    fn fields(&mut self, around: &str) -> Fields {
        let mut fields = Fields::default();
        loop {
            let before = self.place();
            match self.next() {
                None => break,
                Some(Token::End { name, .. }) if name == around => break,
                Some(token) if token.ends_item() => {
                    self.back(before);
                    break;
                }
                Some(Token::Start {
                    name,
                    is_empty: false,
                    ..
                }) => {
                    let text = self.text(name).0;
                    fields.add(local(name), text);
                }
                Some(_) => {}
            }
        }
        fields
    }

    fn item(&mut self) -> Item {
        let mut item = Item::default();
        self.left_out = 0;
        item.is_cut = !self.fill(&mut item);
        item.left_out = self.left_out;
        item
    }

    /// Reads an item. Returns whether it was complete.
    fn fill(&mut self, item: &mut Item) -> bool {
        let mut is_whole = true;
        loop {
            let before = self.place();
            match self.next() {
                None => return false,
                Some(Token::End { name: "item", .. }) => return is_whole,
                Some(token) if token.ends_item() => {
                    self.back(before);
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
                        let (key, value) = (meta.get("meta_key"), meta.get("meta_value"));
                        if !key.is_empty() && !value.is_empty() {
                            item.meta.push((key.to_owned(), value.to_owned()));
                        }
                    }
                    "comment" => item.comments.push(self.fields(name)),
                    "category" => {
                        let (text, is_ended) = self.text(name);
                        is_whole &= is_ended;
                        item.terms.push(Term {
                            domain: attribute(attributes, "domain"),
                            nicename: attribute(attributes, "nicename"),
                            name: html::words(&text).text,
                        });
                    }
                    field => {
                        let (text, is_ended) = self.text(name);
                        is_whole &= is_ended;
                        item.fields.add(field, text);
                    }
                },
                Some(_) => {}
            }
        }
    }
}
