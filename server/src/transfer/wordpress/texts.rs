//! Imports posts and pages, with the items that they refer to.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use shared::model::post::Visibility;
use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc2822, macros::format_description,
};

use super::{
    Part, blocks,
    export::{Fields, Item},
    losses, paragraphs,
    shortcodes::{self, Attachment, Library},
};
use crate::transfer::{
    external_format::{ExternalComment, ExternalSite, FeatureImage, Kind, Text, path_within},
    growth, html,
};

/// The items that texts refer to.
pub(super) struct Texts {
    address: String,
    library: Library,
    /// The texts of reusable blocks.
    shared: HashMap<String, String>,
}

impl Texts {
    /// Returns the items in all `parts` that texts may refer to.
    pub(super) fn from_parts(parts: &[Part]) -> Self {
        let mut library = Library::default();
        let mut shared = HashMap::new();
        for item in parts.iter().flat_map(|part| &part.export.items) {
            let id = item.fields.get("post_id");
            match item.fields.get("post_type") {
                "wp_block" => {
                    shared.insert(id.to_owned(), item.fields.get("encoded").to_owned());
                }
                "attachment" => {
                    if let Ok(id) = id.parse() {
                        library.add(id, attachment(item));
                    }
                }
                _ => {}
            }
        }
        let mut addresses = parts.iter().map(|part| &part.export.address);
        let address = addresses.find(|address| !address.is_empty());
        Self {
            address: address.cloned().unwrap_or_default(),
            library,
            shared,
        }
    }

    /// Adds `item`, which is a text of `author`, to `site`.
    pub(super) fn add(
        &mut self,
        site: &mut ExternalSite,
        item: &Item,
        kind: Kind,
        author: String,
        comments: Vec<ExternalComment>,
    ) {
        let fields = &item.fields;
        let words = html::words(fields.get("title"));
        let title = site.titled(&words.text);
        site.growth.begin_text();
        note(site, &title, item, kind);
        site.note_some(
            &title,
            "markup in a title left out",
            usize::from(words.had_markup),
        );
        let html = self.html(site, item, &title);
        let feature_image = self.feature_image(site, item, &title);
        let excerpt = html::words(fields.get("excerpt"));
        let had_markup = usize::from(excerpt.had_markup);
        site.note_some(&title, "markup in an excerpt left out", had_markup);
        let link = fields.get("link");
        let is_private = is_private(item, kind);
        site.add_text(Text {
            kind,
            slug: percent_decode_str(fields.get("post_name"))
                .decode_utf8_lossy()
                .into_owned(),
            author,
            tags: tags(item),
            excerpt: excerpt.text,
            canonical: losses::canonical(item).to_owned(),
            address: if link.is_empty() {
                self.address.as_str()
            } else {
                link
            }
            .to_owned(),
            old_path: path_within(&self.address, link),
            feature_image,
            html,
            created_at: moment(fields, "post_date_gmt")
                .or_else(|| moment(fields, "post_date"))
                .or_else(|| OffsetDateTime::parse(fields.get("pubDate"), &Rfc2822).ok()),
            updated_at: moment(fields, "post_modified_gmt").or_else(|| moment(fields, "post_modified")),
            is_published: is_private
                || fields.get("status") == "publish" && fields.get("post_password").is_empty(),
            visibility: if is_private {
                Visibility::Private
            } else {
                Visibility::Public
            },
            comments,
            has_closed_comments: fields.get("comment_status") == "closed",
            title,
        });
    }

    /// Returns the text as browsers received it.
    fn html(&self, site: &mut ExternalSite, item: &Item, title: &str) -> String {
        let content = item.fields.get("encoded");
        let filled = blocks::fill(content, &self.shared, item.meta("footnotes"), &mut site.growth);
        for (name, count) in filled.unknown {
            let what = "block filled by the old site left out";
            site.note_all(title, what, &format!("“{name}”"), count);
        }
        let nested = "block within itself, or within too many others, left out";
        site.note_some(title, nested, filled.nested);
        losses::note_divisions(site, title, &filled.html);
        let id = item.fields.get("post_id");
        let expanded = shortcodes::expand(&filled.html, id, &self.library, &mut site.growth);
        for (name, count) in expanded.unknown {
            let what = "code of the old site that is now text";
            site.note_all(title, what, &format!("[{name}]"), count);
        }
        let missing = "picture or file of a gallery that is not in the file";
        site.note_some(title, missing, expanded.missing);
        site.note_some(title, growth::TOO_LONG, filled.too_long + expanded.too_long);
        if content.contains("<!-- wp:") {
            expanded.html
        } else {
            paragraphs::add(&expanded.html)
        }
    }

    fn feature_image(&self, site: &mut ExternalSite, item: &Item, title: &str) -> Option<FeatureImage> {
        let id = item.meta("_thumbnail_id");
        if id.is_empty() || id == "0" {
            return None;
        }
        let found = id.parse().ok().and_then(|id| self.library.attachments.get(&id));
        let Some(picture) = found.filter(|picture| !picture.address.is_empty()) else {
            site.note(title, "picture of a text that is not in the file");
            return None;
        };
        let image = FeatureImage::new(&picture.address, &picture.alt, &picture.caption, &mut site.growth);
        site.note_some(title, growth::TOO_LONG, usize::from(image.is_none()));
        image
    }
}

/// Notes the changes and losses of `item`, which is a text called `title`, apart from its content.
fn note(site: &mut ExternalSite, title: &str, item: &Item, kind: Kind) {
    let fields = &item.fields;
    let why_draft = match fields.get("status") {
        "publish" if !fields.get("post_password").is_empty() => {
            Some("text with a password that is now a draft")
        }
        "private" if !is_private(item, kind) => Some("private text that is now a draft"),
        "pending" => Some("text waiting for review that is now a draft"),
        "future" => Some("scheduled text that is now a draft"),
        _ => None,
    };
    if let Some(why) = why_draft {
        site.note(title, why);
    }
    site.note_some(title, "control character left out", item.left_out);
    if item.is_cut {
        site.note(
            title,
            "text whose end is not where it should be in the file: check that it is complete",
        );
    }
    let unreadable = fields.get("encoded").matches(char::REPLACEMENT_CHARACTER).count();
    site.note_some(
        title,
        "unreadable character in the file, shown as “�”",
        unreadable,
    );
    losses::note(site, title, item);
}

/// Returns whether `item` is a private post. Pages cannot be private here.
fn is_private(item: &Item, kind: Kind) -> bool {
    kind == Kind::Post && item.fields.get("status") == "private"
}

fn attachment(item: &Item) -> Attachment {
    let fields = &item.fields;
    let address = [fields.get("attachment_url"), fields.get("guid")]
        .into_iter()
        .find(|address| !address.is_empty());
    Attachment {
        address: address.unwrap_or_default().to_owned(),
        title: html::words(fields.get("title")).text,
        alt: html::words(item.meta("_wp_attachment_image_alt")).text,
        caption: fields.get("excerpt").to_owned(),
        parent: fields.get("post_parent").to_owned(),
    }
}

/// Returns the tags of `item`, followed by its categories without the default category.
fn tags(item: &Item) -> Vec<String> {
    let terms = |domains: &'static [&'static str]| {
        item.terms
            .iter()
            .filter(move |term| domains.contains(&term.domain.as_str()))
            .filter(|term| term.nicename != "uncategorized" && term.name != "Uncategorized")
            .map(|term| term.name.clone())
    };
    terms(&["post_tag", "tag"]).chain(terms(&["category"])).collect()
}

/// Parses a time in UTC. WordPress writes zeros if there is none.
pub(super) fn moment(fields: &Fields, name: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let parsed = PrimitiveDateTime::parse(fields.get(name), format).ok()?;
    Some(parsed.assume_utc())
}
