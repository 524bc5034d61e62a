//! Imports exports of WordPress: extended RSS files (WXR; Tools → Export).

use std::collections::HashMap;

use time::OffsetDateTime;
use url::Url;

use self::{export::Item, people::People, texts::Texts};
use super::external_format::{ExternalSite, Kind};

mod blocks;
mod comments;
mod export;
mod losses;
mod paragraphs;
mod people;
mod shortcodes;
mod texts;
mod xml;

/// A file of a site, which may consist of several.
#[derive(Debug)]
pub(super) struct Part {
    export: export::Export,
    length: usize,
}

impl Part {
    /// Parses `xml`.
    pub(super) fn read(xml: &str) -> Result<Self, &'static str> {
        Ok(Self {
            export: export::read(xml)?,
            length: xml.len(),
        })
    }

    /// Returns whether it belongs to the same site as `other`.
    pub(super) fn belongs_to(&self, other: &Self) -> bool {
        let host = |part: &Self| {
            let url = Url::parse(&part.export.address).ok()?;
            url.host_str().map(str::to_owned)
        };
        host(self) == host(other)
    }
}

/// Returns the site in `parts`, which is imported at `now`.
pub(super) fn site(parts: Vec<Part>, now: OffsetDateTime) -> ExternalSite {
    let mut site = ExternalSite::new(now, parts.iter().map(|part| part.length).sum());
    let mut people = People::default();
    let is_titled = parts.iter().any(|part| part.export.is_titled);
    site.note_some(
        "",
        "title and description of the site left out",
        usize::from(is_titled),
    );
    for Part { export, .. } in &parts {
        if export.is_cut {
            site.note("", "the file was cut off, and more may be missing");
        }
        for author in &export.authors {
            people.add(&mut site, author);
        }
        // Every file contains all of them, so they are counted once.
        let described = export.descriptions;
        site.note_some("", "description of a tag or a category left out", described);
    }
    let mut texts = Texts::from_parts(&parts);
    // The number of the file in which each text was found, by the fields that identify the text.
    let mut found: HashMap<[String; 3], usize> = HashMap::new();
    for (number, part) in parts.into_iter().enumerate() {
        for item in part.export.items {
            let key = ["post_id", "post_date", "title"].map(|name| item.fields.get(name).to_owned());
            let is_again = !key.iter().any(String::is_empty) && *found.entry(key).or_insert(number) != number;
            if is_again {
                site.note("", "item that is in more than one file, imported once");
            } else {
                add(&mut site, &mut people, &mut texts, &item);
            }
        }
    }
    site
}

/// Adds `item` to `site`, or notes its kind if it is not imported.
fn add(site: &mut ExternalSite, people: &mut People, texts: &mut Texts, item: &Item) {
    let fields = &item.fields;
    let kind = match fields.get("post_type") {
        "post" => Kind::Post,
        "page" => Kind::Page,
        // A reusable block is imported as a part of the texts that contain it.
        "wp_block" => return,
        "attachment" => return site.note("", "media library file that stays where it is"),
        "" => {
            let title = super::html::words(fields.get("title")).text;
            return site.note_which(
                "",
                "item left out, because the file does not say what it is",
                &title,
            );
        }
        other => return site.note_which("", "item of another kind left out", &format!("“{other}”")),
    };
    match fields.get("status") {
        "publish" | "draft" | "pending" | "private" | "future" => {}
        "trash" => return site.note("", "text in the trash left out"),
        "auto-draft" => return site.note("", "automatic draft left out"),
        other => return site.note_which("", "text with another status left out", &format!("“{other}”")),
    }
    let author = people.author(site, fields);
    let comments = comments::read(site, people, item);
    texts.add(site, item, kind, author, comments);
}
