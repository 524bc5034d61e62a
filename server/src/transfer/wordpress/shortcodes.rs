//! Replaces shortcodes, which are words in brackets that represent other content.

use std::collections::{BTreeMap, HashMap};

use self::{
    ends::Ends,
    replacement::{Gallery, replacement},
};
use crate::transfer::growth::GrowthBudget;

mod ends;
mod replacement;

/// The maximum length of a shortcode's tag, in bytes.
const LENGTH_MAX: usize = 4_000;

/// An uploaded file.
#[derive(Debug, Clone, Default)]
pub(super) struct Attachment {
    pub address: String,
    pub title: String,
    pub alt: String,
    pub caption: String,
    /// The id of the text for which it was uploaded.
    pub parent: String,
}

/// The items of the site that shortcodes refer to.
#[derive(Debug, Default)]
pub(super) struct Library {
    pub attachments: BTreeMap<u64, Attachment>,
    /// The attachments of each text.
    children: HashMap<String, Vec<u64>>,
}

impl Library {
    /// Adds a file with its id.
    pub(super) fn add(&mut self, id: u64, attachment: Attachment) {
        let children = self.children.entry(attachment.parent.clone()).or_default();
        children.push(id);
        self.attachments.insert(id, attachment);
    }
}

/// A text in which the known shortcodes are replaced, and information about the others.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub html: String,
    /// How many shortcodes of each unknown name remain as text.
    pub unknown: BTreeMap<String, usize>,
    /// The number of pictures or files of galleries that are not in the export.
    pub missing: usize,
    /// The number of pictures or files that were omitted because the text would have become too long.
    pub too_long: usize,
}

struct Shortcode<'a> {
    name: String,
    attributes: &'a str,
}

/// Replaces the shortcodes in `html`, which is the text with this `id`.
pub(super) fn expand(html: &str, id: &str, library: &Library, growth: &mut GrowthBudget) -> Expanded {
    let mut expanded = Expanded::default();
    let mut ends = Ends::default();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('[') {
        expanded.html.push_str(before);
        // A shortcode in double brackets is text.
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
        let mut gallery = Gallery {
            id,
            library,
            growth,
            expanded: &mut expanded,
        };
        if let Some((html, is_enclosing)) = replacement(&found, content, &mut gallery) {
            expanded.html.push_str(&html);
            rest = if is_enclosing { after_end } else { after_tag };
            continue;
        }
        if content.is_some() || found.attributes.contains("=\"") || found.name.contains(['_', '-']) {
            *expanded.unknown.entry(found.name).or_default() += 1;
        }
        expanded.html.push('[');
        rest = after;
    }
    expanded.html.push_str(rest);
    expanded
}

/// Returns the shortcode at the beginning of `text`, without its opening bracket, and the rest.
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

impl Shortcode<'_> {
    /// Returns the value of the attribute `name`, or an empty string if there is none.
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

    /// Returns a library in which these pictures belong to the text with the id 3.
    fn library(ids: &[u64]) -> Library {
        let mut library = Library::default();
        for id in ids {
            let picture = Attachment {
                address: format!("https://o.example/{id}.jpg"),
                alt: "Seven".to_owned(),
                parent: "3".to_owned(),
                ..Attachment::default()
            };
            library.add(*id, picture);
        }
        library
    }

    #[test]
    fn what_is_known_is_replaced_and_the_rest_stays_and_is_named() {
        let library = library(&[7]);
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
            let expanded = expand(text, "3", &library, &mut GrowthBudget::new(0));
            assert_eq!(expanded.html.trim(), html, "{text}");
            let names: Vec<String> = expanded.unknown.into_keys().collect();
            assert_eq!(names.join(","), unknown, "{text}");
        }
        let missing = expand("[gallery ids=\"8,9\"]", "3", &library, &mut GrowthBudget::new(0)).missing;
        assert_eq!(missing, 2);
    }

    #[test]
    fn no_text_is_expanded_without_a_bound() {
        let text = format!("{}[/x]", "[x]".repeat(20_000));
        assert_eq!(
            expand(&text, "1", &library(&[]), &mut GrowthBudget::new(0)).html,
            text
        );
        let text = "[gallery id=3]".repeat(10_000);
        let many: Vec<u64> = (0..10_000).collect();
        let expanded = expand(&text, "1", &library(&many), &mut GrowthBudget::new(0));
        assert!(expanded.html.len() < 8 << 20, "{}", expanded.html.len());
        assert!(expanded.too_long > 9_000);
    }

    #[test]
    fn players_with_one_end_in_common_are_read_once() {
        for name in ["embed", "video", "youtube"] {
            let text = format!("{}[/{name}]", format!("[{name}]").repeat(100_000));
            let begun = std::time::Instant::now();
            expand(&text, "1", &library(&[]), &mut GrowthBudget::new(0));
            assert!(begun.elapsed().as_secs() < 5, "{name}");
        }
    }
}
