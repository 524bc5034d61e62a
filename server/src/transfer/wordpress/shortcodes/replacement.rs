//! The HTML by which shortcodes are replaced.

use super::{Attachment, Expanded, Library, Shortcode};
use crate::transfer::{growth::GrowthBudget, html::escaped};

/// The maximum length of an address in bytes.
const ADDRESS_MAX: usize = 4_000;

/// The context of a shortcode: the files that galleries refer to, and the budget for inserting them.
pub(super) struct Gallery<'a> {
    /// The id of the text that contains the shortcode.
    pub id: &'a str,
    pub library: &'a Library,
    pub growth: &'a mut GrowthBudget,
    pub expanded: &'a mut Expanded,
}

/// Returns the HTML that replaces `found`, and whether it also replaces the content. Returns `None` if the shortcode is
/// unknown.
pub(super) fn replacement(
    found: &Shortcode<'_>,
    content: Option<&str>,
    gallery: &mut Gallery<'_>,
) -> Option<(String, bool)> {
    let words = || content.unwrap_or_default().trim();
    // Many shortcodes may share a single end, so only the beginning of the content is processed, up to the maximum
    // length of an address.
    let begin = content.unwrap_or_default().trim_start();
    let begin = begin.get(..begin.floor_char_boundary(ADDRESS_MAX));
    let address = begin.unwrap_or_default().trim_end();
    match found.name.as_str() {
        "caption" | "wp_caption" => Some((figure(words(), &found.get("caption")), content.is_some())),
        "gallery" => Some((gallery.pictures(found), false)),
        "playlist" => Some((gallery.players(found), false)),
        "embed" => {
            let address = if address.is_empty() {
                found.get("src")
            } else {
                address.to_owned()
            };
            is_address(&address).then(|| (player("iframe", &address, ""), content.is_some()))
        }
        "video" | "audio" => {
            let given = [
                "src", "mp4", "m4v", "webm", "ogv", "flv", "mov", "wmv", "mp3", "m4a", "ogg", "wav", "wma",
            ];
            let given = given
                .iter()
                .map(|name| found.get(name))
                .find(|address| !address.is_empty());
            let address = given.unwrap_or_else(|| {
                first_address(found.attributes)
                    .or_else(|| first_address(address))
                    .unwrap_or_default()
            });
            (!address.is_empty()).then(|| (player(&found.name, &address, ""), content.is_some()))
        }
        "youtube" | "vimeo" | "dailymotion" | "soundcloud" | "ted" | "tweet" | "twitter" | "instagram"
        | "facebook" | "gist" | "spotify" | "flickr" => {
            let address = first_address(found.attributes).or_else(|| first_address(address))?;
            Some((player("iframe", &address, ""), content.is_some()))
        }
        "code" | "sourcecode" => {
            let language = ["language", "lang"]
                .iter()
                .map(|name| found.get(name))
                .find(|name| !name.is_empty());
            let class = format!("language-{}", language.unwrap_or_default());
            content.map(|code| {
                let code = code.trim();
                let code = if code.contains("&lt;") {
                    code.to_owned()
                } else {
                    code.replace('<', "&lt;")
                };
                (
                    format!("\n\n<pre class=\"{}\">{code}</pre>\n\n", escaped(&class)),
                    true,
                )
            })
        }
        _ => None,
    }
}

/// Returns a picture with its caption.
fn figure(content: &str, told: &str) -> String {
    let end = content
        .find("<img")
        .and_then(|at| content.get(at..)?.find('>').map(|end| at + end + 1));
    let (picture, mut caption) = content
        .split_at_checked(end.unwrap_or_default())
        .unwrap_or(("", content));
    let mut picture = picture.to_owned();
    if let Some(after) = caption.trim_start().strip_prefix("</a>") {
        picture.push_str("</a>");
        caption = after;
    }
    let caption = if caption.trim().is_empty() { told } else { caption };
    format!(
        "\n\n<figure>{picture}<figcaption>{}</figcaption></figure>\n\n",
        caption.trim().replace('\n', "<br>")
    )
}

impl Gallery<'_> {
    /// Returns the HTML that `shown` creates for each attachment that `found` names, or for each attachment of the text
    /// if it names none.
    fn show(&mut self, found: &Shortcode<'_>, shown: impl Fn(&Attachment) -> String) -> String {
        let numbers = |name| {
            let text = found.get(name);
            let numbers = text
                .split([',', ' '])
                .filter_map(|number| number.trim().parse().ok());
            numbers.collect::<Vec<u64>>()
        };
        let mut ids = numbers("ids");
        if ids.is_empty() {
            ids = numbers("include");
        }
        let mut left_out = Vec::new();
        let named = if ids.is_empty() {
            let of = found.get("id");
            let of = if of.is_empty() { self.id } else { of.as_str() };
            left_out = numbers("exclude");
            self.library.children.get(of).map_or(&[][..], Vec::as_slice)
        } else {
            ids.as_slice()
        };
        self.expanded.missing += usize::from(named.is_empty());
        let mut html = String::new();
        for (number, id) in named.iter().enumerate() {
            if left_out.contains(id) {
                continue;
            }
            let Some(attachment) = self.library.attachments.get(id) else {
                self.expanded.missing += 1;
                continue;
            };
            let attachment = shown(attachment);
            if !self.growth.take(attachment.len()) {
                // The remaining attachments are skipped without processing, because every shortcode might name as many.
                self.expanded.too_long += named.len() - number;
                break;
            }
            html.push_str(&attachment);
        }
        html
    }

    fn pictures(&mut self, found: &Shortcode<'_>) -> String {
        let pictures = self.show(found, |picture| {
            let image = format!(
                "<img src=\"{}\" alt=\"{}\">",
                escaped(&picture.address),
                escaped(&picture.alt)
            );
            if picture.caption.is_empty() {
                format!("<p>{image}</p>\n")
            } else {
                format!(
                    "<figure>{image}<figcaption>{}</figcaption></figure>\n",
                    picture.caption
                )
            }
        });
        format!("\n\n{pictures}\n")
    }

    fn players(&mut self, found: &Shortcode<'_>) -> String {
        self.show(found, |file| player("audio", &file.address, &file.title))
    }
}

/// Returns a player of `address`, which becomes a link.
fn player(name: &str, address: &str, title: &str) -> String {
    let address = escaped(&address.replace("&amp;", "&"));
    format!(
        "\n\n<p><{name} src=\"{address}\" title=\"{}\"></{name}></p>\n\n",
        escaped(title)
    )
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn first_address(text: &str) -> Option<String> {
    let at = text.find("https://").or_else(|| text.find("http://"))?;
    let address = text.get(at..)?;
    let end = address
        .find([' ', '"', '\'', '\n', '<', ']'])
        .unwrap_or(address.len());
    address.get(..end).map(str::to_owned)
}
