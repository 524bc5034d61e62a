//! Shortcodes: words in brackets that stand for something else.

use std::collections::{BTreeMap, HashMap};

use super::super::html::escaped;

/// A bracket ends within so many bytes.
const LENGTH_MAX: usize = 4_000;

/// A file that was sent to the site.
#[derive(Debug, Clone, Default)]
pub(super) struct Attachment {
    pub address: String,
    pub title: String,
    pub alt: String,
    pub caption: String,
    /// The text for which it was sent.
    pub parent: String,
}

/// The items of the site that shortcodes refer to.
#[derive(Debug, Default)]
pub(super) struct Library {
    pub attachments: BTreeMap<u64, Attachment>,
    /// The attachments of each text.
    pub children: HashMap<String, Vec<u64>>,
}

/// A text without the brackets that are known, and those that stay.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub html: String,
    /// Names of those that are text now.
    pub unknown: Vec<String>,
    /// How many pictures or files of galleries are not in the export.
    pub missing: usize,
}

struct Shortcode<'a> {
    name: String,
    attributes: &'a str,
}

/// A text has at most so many bytes when its shortcodes have been replaced: a short one can stand for thousands of pictures.
const EXPANDED_MAX: usize = 16 * 1024 * 1024;

/// Replaces what stands in brackets in `html`, which is the text called `id`.
pub(super) fn expand(html: &str, id: &str, library: &Library) -> Expanded {
    let mut expanded = Expanded::default();
    let mut ends = Ends::default();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('[') {
        if expanded.html.len() > EXPANDED_MAX {
            // Whatever comes of it is longer than a text may be, and named for that.
            break;
        }
        expanded.html.push_str(before);
        // Doubled brackets are text.
        if let Some(quoted) = after.strip_prefix('[')
            && let Some((_, after)) = shortcode(quoted)
            && let Some(after) = after.strip_prefix(']')
        {
            let length = quoted.len() - after.len() - 2;
            expanded.html.push('[');
            expanded.html.push_str(quoted.get(..length).unwrap_or_default());
            expanded.html.push(']');
            rest = after;
            continue;
        }
        let Some((found, after_tag)) = shortcode(after) else {
            expanded.html.push('[');
            rest = after;
            continue;
        };
        let (content, after_end) = match ends.find(&found.name, after_tag) {
            Some((content, after)) => (Some(content), after),
            None => (None, after_tag),
        };
        if let Some((html, is_enclosing)) = replacement(&found, content, id, library, &mut expanded.missing) {
            expanded.html.push_str(&html);
            rest = if is_enclosing { after_end } else { after_tag };
            continue;
        }
        if content.is_some() || found.attributes.contains("=\"") || found.name.contains(['_', '-']) {
            expanded.unknown.push(found.name);
        }
        expanded.html.push('[');
        rest = after;
    }
    expanded.html.push_str(rest);
    expanded
}

/// Returns the beginning of `text` up to the bracket that ends it, and the rest.
fn shortcode(text: &str) -> Option<(Shortcode<'_>, &str)> {
    let end = text
        .bytes()
        .take(LENGTH_MAX)
        .position(|byte| byte == b']' || byte == b'[')?;
    let (inside, after) = (text.get(..end)?, text.get(end..)?.strip_prefix(']')?);
    let end = inside
        .find(|char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '-')
        .unwrap_or(inside.len());
    let (name, attributes) = inside.split_at_checked(end)?;
    let is_name = name.starts_with(|char: char| char.is_ascii_alphabetic());
    let is_apart = attributes.is_empty() || attributes.starts_with([' ', '\n', '\t', '\u{a0}', '=', '/']);
    let shortcode = Shortcode {
        name: name.to_ascii_lowercase(),
        attributes: attributes.trim_end_matches('/'),
    };
    (is_name && is_apart).then_some((shortcode, after))
}

/// Remembers where the next end of each shortcode is, so that none is looked for twice.
#[derive(Default)]
struct Ends {
    /// How many bytes before the end of the whole text it begins; nothing when there is none left.
    known: HashMap<String, Option<usize>>,
}

impl Ends {
    /// Returns the content before the end of the shortcode called `name`, and the rest of `text`, which has the end of the whole.
    fn find<'a>(&mut self, name: &str, text: &'a str) -> Option<(&'a str, &'a str)> {
        const NAMES_MAX: usize = 100;
        let end = format!("[/{name}]");
        let place = match self.known.get(name) {
            Some(None) => return None,
            Some(Some(place)) if *place <= text.len() => text.len() - place,
            None if self.known.len() > NAMES_MAX => return None,
            Some(Some(_)) | None => {
                let found = text.find(&end);
                let place = found.map(|found| text.len() - found);
                self.known.insert(name.to_owned(), place);
                found?
            }
        };
        Some((text.get(..place)?, text.get(place + end.len()..)?))
    }
}

/// Returns the HTML that `found` stands for, and whether its content belongs to it.
fn replacement(
    found: &Shortcode<'_>,
    content: Option<&str>,
    id: &str,
    library: &Library,
    missing: &mut usize,
) -> Option<(String, bool)> {
    let words = content.unwrap_or_default().trim();
    match found.name.as_str() {
        "caption" | "wp_caption" => Some((figure(words, &found.get("caption")), content.is_some())),
        "gallery" => Some((gallery(found, id, library, missing), false)),
        "playlist" => Some((playlist(found, id, library, missing), false)),
        "embed" => {
            let address = if words.is_empty() {
                found.get("src")
            } else {
                words.to_owned()
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
                    .or_else(|| first_address(words))
                    .unwrap_or_default()
            });
            (!address.is_empty()).then(|| (player(&found.name, &address, ""), content.is_some()))
        }
        "youtube" | "vimeo" | "dailymotion" | "soundcloud" | "ted" | "tweet" | "twitter" | "instagram"
        | "facebook" | "gist" | "spotify" | "flickr" => {
            let address = first_address(found.attributes).or_else(|| first_address(words))?;
            Some((player("iframe", &address, ""), content.is_some()))
        }
        "code" | "sourcecode" => {
            let language = ["language", "lang"]
                .iter()
                .map(|name| found.get(name))
                .find(|name| !name.is_empty());
            let code = if words.contains("&lt;") {
                words.to_owned()
            } else {
                words.replace('<', "&lt;")
            };
            let class = format!("language-{}", language.unwrap_or_default());
            content.map(|_| {
                (
                    format!("\n\n<pre class=\"{}\">{code}</pre>\n\n", escaped(&class)),
                    true,
                )
            })
        }
        _ => None,
    }
}

/// A picture, with what stands below it.
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

/// The attachments that `found` names, or those of the text.
fn named<'a>(
    found: &Shortcode<'_>,
    id: &str,
    library: &'a Library,
    missing: &mut usize,
) -> Vec<&'a Attachment> {
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
    if ids.is_empty() {
        let of = found.get("id");
        let of = if of.is_empty() { id } else { of.as_str() };
        let left_out = numbers("exclude");
        ids = library.children.get(of).cloned().unwrap_or_default();
        ids.retain(|id| !left_out.contains(id));
    }
    *missing += usize::from(ids.is_empty());
    let mut named = Vec::new();
    for id in ids {
        match library.attachments.get(&id) {
            Some(attachment) => named.push(attachment),
            None => *missing += 1,
        }
    }
    named
}

fn gallery(found: &Shortcode<'_>, id: &str, library: &Library, missing: &mut usize) -> String {
    let mut html = String::from("\n\n");
    for picture in named(found, id, library, missing) {
        let image = format!(
            "<img src=\"{}\" alt=\"{}\">",
            escaped(&picture.address),
            escaped(&picture.alt)
        );
        let (begin, end) = if picture.caption.is_empty() {
            ("<p>", "</p>\n")
        } else {
            ("<figure>", "</figure>\n")
        };
        html.push_str(begin);
        html.push_str(&image);
        if !picture.caption.is_empty() {
            html.push_str("<figcaption>");
            html.push_str(&picture.caption);
            html.push_str("</figcaption>");
        }
        html.push_str(end);
    }
    html.push('\n');
    html
}

fn playlist(found: &Shortcode<'_>, id: &str, library: &Library, missing: &mut usize) -> String {
    let all = named(found, id, library, missing);
    all.iter()
        .map(|file| player("audio", &file.address, &file.title))
        .collect()
}

/// Returns a player of `address` as a link.
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

impl Shortcode<'_> {
    /// The value of the attribute called `name`; nothing where there is none.
    fn get(&self, name: &str) -> String {
        let value = self.attributes.match_indices(name).find_map(|(at, _)| {
            let is_whole = self
                .attributes
                .get(..at)?
                .chars()
                .next_back()
                .is_none_or(char::is_whitespace);
            self.attributes
                .get(at + name.len()..)?
                .strip_prefix('=')
                .filter(|_| is_whole)
        });
        let value = value.unwrap_or_default();
        let quoted = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.split(*quote).next());
        quoted
            .unwrap_or_else(|| value.split([' ', '\n']).next().unwrap_or_default())
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_replaced_and_the_rest_stays_and_is_named() {
        let mut library = Library::default();
        library.attachments.insert(
            7,
            Attachment {
                address: "https://o.example/7.jpg".to_owned(),
                alt: "Seven".to_owned(),
                ..Attachment::default()
            },
        );
        library.children.insert("3".to_owned(), vec![7]);
        for (text, html, unknown) in [
            (
                "[caption id='x']<img src=a> Words[/caption]",
                "<figure><img src=a><figcaption>Words</figcaption></figure>",
                "",
            ),
            (
                "[caption caption=\"Old\"]<a href=b><img src=a></a>[/caption]",
                "<figure><a href=b><img src=a></a><figcaption>Old</figcaption></figure>",
                "",
            ),
            (
                "[gallery ids=\"7\"]",
                "<p><img src=\"https://o.example/7.jpg\" alt=\"Seven\"></p>",
                "",
            ),
            (
                "[gallery]",
                "<p><img src=\"https://o.example/7.jpg\" alt=\"Seven\"></p>",
                "",
            ),
            (
                "[embed width=\"1\"]https://a.example/b?c=1&amp;d[/embed]",
                "<p><iframe src=\"https://a.example/b?c=1&amp;d\" title=\"\"></iframe></p>",
                "",
            ),
            (
                "[video mp4=\"/v.mp4\"][/video]",
                "<p><video src=\"/v.mp4\" title=\"\"></video></p>",
                "",
            ),
            (
                "[youtube=https://youtu.be/x]",
                "<p><iframe src=\"https://youtu.be/x\" title=\"\"></iframe></p>",
                "",
            ),
            (
                "[code language=\"php\"]a < b[/code]",
                "<pre class=\"language-php\">a &lt; b</pre>",
                "",
            ),
            ("[[gallery]] and [sic] and [1]", "[gallery] and [sic] and [1]", ""),
            (
                "[contact-form-7 id=\"1\"] [a][b]",
                "[contact-form-7 id=\"1\"] [a][b]",
                "contact-form-7",
            ),
            ("[box]a[/box]", "[box]a[/box]", "box"),
        ] {
            let expanded = expand(text, "3", &library);
            assert_eq!(expanded.html.trim(), html, "{text}");
            assert_eq!(expanded.unknown.join(","), unknown, "{text}");
        }
        assert_eq!(expand("[gallery ids=\"8,9\"]", "3", &library).missing, 2);
    }

    #[test]
    fn an_end_is_found_wherever_the_search_for_it_began() {
        let text = "[box]a[/box] [box]b [box]c[/box] d[/box] [box]e";
        let mut ends = Ends::default();
        for (from, content) in [
            (5, Some("a")),
            (18, Some("b [box]c")),
            (25, Some("c")),
            (32, Some(" d")),
            (46, None),
        ] {
            let found = ends.find("box", text.get(from..).expect("a boundary"));
            assert_eq!(found.map(|(content, _)| content), content, "{from}");
        }
    }

    #[test]
    fn no_text_is_expanded_without_a_bound() {
        let library = Library::default();
        let text = format!("{}[/x]", "[x]".repeat(20_000));
        assert_eq!(expand(&text, "1", &library).html, text);
    }
}
