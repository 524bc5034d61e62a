//! What WordPress exports: an RSS file with more in it (WXR; Tools → Export).

use std::collections::{BTreeMap, HashMap};

use percent_encoding::percent_decode_str;
use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc2822, macros::format_description,
};

use self::{
    export::{Export, Fields, Item},
    shortcodes::{Attachment, Library},
};
use super::{
    foreign::{FeatureImage, Foreign, Kind, Text},
    html,
};

/// Blocks without a text of their own.
mod blocks;
/// The file.
mod export;
/// Texts of the older editor.
mod paragraphs;
/// Shortcodes: words in brackets that stand for something else.
mod shortcodes;

/// The site in `xml`.
pub(super) fn read(xml: &str) -> Result<Foreign, String> {
    let export = export::read(xml)?;
    let mut site = Foreign::default();
    if !xml.contains("</channel>") {
        site.note(
            "",
            "the file ends before its end: it was cut, and more may be missing",
        );
    }
    let mut people = People::default();
    for author in &export.authors {
        people.add(
            &mut site,
            author.get("author_login"),
            author.get("author_email"),
            author.get("author_display_name"),
        );
    }
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    let mut texts = Texts::of(&export);
    for item in &export.items {
        let (kind, status) = (item.fields.get("post_type"), item.fields.get("status"));
        let kind = match kind {
            "post" => Kind::Post,
            "page" => Kind::Page,
            // It is in the texts that show it.
            "wp_block" => continue,
            "attachment" => {
                *left_out
                    .entry("file of the library that stays where it is".to_owned())
                    .or_default() += 1;
                continue;
            }
            "" => {
                let title = html::words(item.fields.get("title"));
                if !item.fields.is_empty() {
                    site.note(&title, "left out: the file does not say what it is");
                }
                continue;
            }
            other => {
                *left_out
                    .entry(format!("thing of the kind “{other}” left out"))
                    .or_default() += 1;
                continue;
            }
        };
        if !["publish", "draft", "pending", "private", "future"].contains(&status) {
            let what = match status {
                "trash" => "text in the trash left out".to_owned(),
                "auto-draft" => "draft that nobody wrote left out".to_owned(),
                other => format!("text of the state “{other}” left out"),
            };
            *left_out.entry(what).or_default() += 1;
            continue;
        }
        if item.comments > 0 {
            *left_out.entry("comment left out".to_owned()).or_default() += item.comments;
        }
        let author = people.of(&mut site, item.fields.get("creator"));
        texts.add(&mut site, item, kind, author);
    }
    for (what, count) in left_out {
        site.note_some("", what, count);
    }
    Ok(site)
}

/// Who wrote something, by login and by address: neither tells capital letters from small ones.
#[derive(Default)]
struct People {
    by_login: HashMap<String, String>,
    by_address: HashMap<String, String>,
    /// Whoever is named first: what nobody has written is theirs.
    first: Option<String>,
}

impl People {
    fn add(&mut self, site: &mut Foreign, login: &str, email: &str, display_name: &str) -> String {
        let (login_key, email_key) = (login.to_lowercase(), email.to_lowercase());
        let known = self
            .by_login
            .get(&login_key)
            .or_else(|| self.by_address.get(&email_key));
        if let Some(known) = known.cloned() {
            self.by_login.insert(login_key, known.clone());
            return known;
        }
        // An address is nobody's public name.
        let display_name = html::words(display_name);
        let public = match (login.contains('@'), display_name.contains('@')) {
            (false, _) => login,
            (true, false) => display_name.as_str(),
            (true, true) => "",
        };
        // The file does not say since when they are there.
        let username = site.add_person(public, email, "", OffsetDateTime::UNIX_EPOCH);
        self.first.get_or_insert_with(|| username.clone());
        if login.contains('@') {
            site.note(
                "",
                format!("login that is an address, and is not shown: its owner is “{username}”"),
            );
        }
        self.by_login.insert(login_key, username.clone());
        if !email_key.is_empty() {
            self.by_address.insert(email_key, username.clone());
        }
        username
    }

    /// The username of whoever is called `creator` in a text.
    fn of(&mut self, site: &mut Foreign, creator: &str) -> String {
        if creator.is_empty()
            && let Some(somebody) = &self.first
        {
            return somebody.clone();
        }
        let known = self.by_address.get(&creator.to_lowercase()).cloned();
        known.unwrap_or_else(|| self.add(site, creator, "", ""))
    }
}

/// The items that texts refer to.
struct Texts {
    address: String,
    library: Library,
    /// Texts that stand in many others.
    shared: HashMap<String, String>,
}

impl Texts {
    fn of(export: &Export) -> Self {
        let mut library = Library::default();
        let mut shared = HashMap::new();
        for item in &export.items {
            let id = item.fields.get("post_id");
            match item.fields.get("post_type") {
                "wp_block" => {
                    shared.insert(id.to_owned(), item.fields.get("encoded").to_owned());
                }
                "attachment" => {
                    let Ok(id) = id.parse() else {
                        continue;
                    };
                    let attachment = attachment(item);
                    library
                        .children
                        .entry(attachment.parent.clone())
                        .or_default()
                        .push(id);
                    library.attachments.insert(id, attachment);
                }
                _ => {}
            }
        }
        Self {
            address: export.address.clone(),
            library,
            shared,
        }
    }

    fn add(&mut self, site: &mut Foreign, item: &Item, kind: Kind, author: String) {
        let fields = &item.fields;
        let title = html::words(fields.get("title"));
        let is_protected = !fields.get("post_password").is_empty();
        let status = fields.get("status");
        let why_draft = match status {
            _ if kind == Kind::Page => None,
            "publish" if is_protected => Some("text with a password that is a draft now"),
            "private" => Some("private text that is a draft now"),
            "pending" => Some("text that waited for a review and is a draft now"),
            "future" => Some("text for a later day that is a draft now"),
            _ => None,
        };
        if let Some(why) = why_draft {
            site.note(&title, why);
        }
        if item.left_out > 0 {
            site.note_some(&title, "control character left out", item.left_out);
        }
        if item.is_cut {
            site.note(
                &title,
                "text whose end is not where it should be in the file: look whether it is whole",
            );
        }
        let unreadable = fields.get("encoded").matches(char::REPLACEMENT_CHARACTER).count();
        if unreadable > 0 {
            site.note_some(
                &title,
                "character that the file has in no form that can be read, shown as “�”",
                unreadable,
            );
        }
        let html = self.html(site, item, &title);
        let feature_image = self.feature_image(site, item, &title);
        let link = fields.get("link");
        site.add_text(Text {
            kind,
            slug: percent_decode_str(fields.get("post_name"))
                .decode_utf8_lossy()
                .into_owned(),
            author,
            tags: tags(item),
            lead: Some(html::words(fields.get("excerpt"))).filter(|lead| !lead.is_empty()),
            address: if link.is_empty() {
                self.address.clone()
            } else {
                link.to_owned()
            },
            feature_image,
            html,
            created_at: moment(fields, "post_date_gmt")
                .or_else(|| moment(fields, "post_date"))
                .or_else(|| OffsetDateTime::parse(fields.get("pubDate"), &Rfc2822).ok()),
            updated_at: moment(fields, "post_modified_gmt"),
            is_published: status == "publish" && !is_protected,
            title,
        });
    }

    /// The text as browsers were shown it.
    fn html(&self, site: &mut Foreign, item: &Item, title: &str) -> String {
        let content = item.fields.get("encoded");
        let filled = blocks::fill(content, &self.shared, item.meta("footnotes"));
        for name in filled.unknown {
            site.note(
                title,
                format!("block that the old site filled itself left out: “{name}”"),
            );
        }
        let expanded = shortcodes::expand(&filled.html, item.fields.get("post_id"), &self.library);
        for name in expanded.unknown {
            site.note(title, format!("code of the old site that is text now: [{name}]"));
        }
        if expanded.missing > 0 {
            site.note_some(
                title,
                "picture or file of a gallery that is not in the file",
                expanded.missing,
            );
        }
        if content.contains("<!-- wp:") {
            expanded.html
        } else {
            paragraphs::add(&expanded.html)
        }
    }

    fn feature_image(&self, site: &mut Foreign, item: &Item, title: &str) -> Option<FeatureImage> {
        let id = item.meta("_thumbnail_id");
        if id.is_empty() || id == "0" {
            return None;
        }
        let found = id
            .parse()
            .ok()
            .and_then(|id: u64| self.library.attachments.get(&id));
        let Some(picture) = found.filter(|picture| !picture.address.is_empty()) else {
            site.note(title, "picture of a text that is not in the file");
            return None;
        };
        Some(FeatureImage {
            address: picture.address.clone(),
            alt: picture.alt.clone(),
            caption: picture.caption.clone(),
        })
    }
}

fn attachment(item: &Item) -> Attachment {
    let fields = &item.fields;
    let address = [fields.get("attachment_url"), fields.get("guid")]
        .into_iter()
        .find(|address| !address.is_empty());
    Attachment {
        address: address.unwrap_or_default().to_owned(),
        title: html::words(fields.get("title")),
        alt: html::words(item.meta("_wp_attachment_image_alt")),
        caption: fields.get("excerpt").to_owned(),
        parent: fields.get("post_parent").to_owned(),
    }
}

/// The tags of `item`, and its categories after them, but for the one that a text without any has.
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

/// A moment in UTC; WordPress writes zeros where there is none.
fn moment(fields: &Fields, name: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let parsed = PrimitiveDateTime::parse(fields.get(name), format).ok()?;
    Some(parsed.assume_utc())
}
