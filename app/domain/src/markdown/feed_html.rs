//! HTML for feeds: URLs are absolute, and a text that is too long ends with a link to the rest.
//!
//! A single pass over the [tokens](super::tokens) suffices: nothing is parsed or sanitised when a feed is requested.

use super::{
    elements::{Trait, has},
    tokens::{Token, next_token},
};

/// The maximum size of an entry's HTML in a feed, in bytes after escaping.
pub const FEED_HTML_MAX: usize = 64 * 1024;

/// Elements that cannot contain text directly.
const TEXTLESS: &[&str] = &["ol", "table", "tbody", "tfoot", "thead", "tr", "ul"];
/// Attributes of images for the layout of the site's own pages.
const LAYOUT: &[&str] = &[" srcset=", " sizes="];
/// The end of a truncated text, before the link to the rest.
const ELLIPSIS: &str = "…";
/// A cut is moved back to the end of a word by at most this many bytes.
const WORD_MAX: usize = 64;

/// Converts the sanitised `html` of the post at `path` on `origin` for a feed. `html` may be cut after
/// [`FEED_HTML_MAX`] bytes or more; `is_whole` says that it is not cut.
#[must_use]
pub fn feed_html(html: &str, is_whole: bool, origin: &str, path: &str) -> String {
    let base = Base::new(origin, path);
    let link = format!("<p><a href=\"{}\">Read on</a></p>", base.page);
    let mut output = Output::new(FEED_HTML_MAX.saturating_sub(encoded_len(&link) + ELLIPSIS.len()));
    let mut rest = if is_whole {
        html
    } else {
        without_partial_entity(html)
    };
    while let Some((token, after)) = next_token(rest) {
        let fits = match token {
            Token::Text(text) => output.write_text(text),
            Token::EndTag(tag, _) => output.end_tag(tag),
            Token::StartTag(tag, name) => output.start_tag(&base.absolute(tag, name), name),
        };
        if !fits {
            break;
        }
        rest = after;
    }
    if is_whole && rest.is_empty() {
        return output.html;
    }
    output.close();
    output.html.push_str(&link);
    output.html
}

/// Returns `text` without an incomplete character reference at its end.
fn without_partial_entity(text: &str) -> &str {
    match text.rfind('&') {
        Some(at) if !text.get(at..).unwrap_or_default().contains(';') => text.get(..at).unwrap_or(text),
        _ => text,
    }
}

/// Returns the escaped size of `text` in bytes, as JSON or as XML, whichever is larger.
fn encoded_len(text: &str) -> usize {
    text.bytes().map(encoded_byte_len).sum()
}

const fn encoded_byte_len(byte: u8) -> usize {
    match byte {
        b'&' | b'\r' => 5,
        b'<' | b'>' => 4,
        b'"' | b'\\' | b'\n' | b'\t' => 2,
        0..0x20 => 6,
        _ => 1,
    }
}

/// HTML output with a size limit.
struct Output<'a> {
    html: String,
    /// The number of bytes that may still be written, besides the end tags of open elements.
    room: usize,
    open: Vec<&'a str>,
}

impl<'a> Output<'a> {
    fn new(room: usize) -> Self {
        Self {
            html: String::new(),
            room,
            open: Vec::new(),
        }
    }

    /// Reserves `length` bytes. Returns `false` if there are not as many.
    fn take(&mut self, length: usize) -> bool {
        let rest = self.room.checked_sub(length);
        self.room = rest.unwrap_or(self.room);
        rest.is_some()
    }

    /// Writes `text`, or as much of it as fits. Returns whether all of it fits.
    fn write_text(&mut self, text: &str) -> bool {
        let fits = self.take(encoded_len(text));
        self.html
            .push_str(if fits { text } else { beginning(text, self.room) });
        fits
    }

    /// Writes the start tag of a `name` element if it fits together with its end tag.
    fn start_tag(&mut self, tag: &str, name: &'a str) -> bool {
        let is_void = has(name, Trait::Void);
        let end = if is_void {
            0
        } else {
            encoded_len("</>") + name.len()
        };
        let fits = self.take(encoded_len(tag) + end);
        if fits {
            self.html.push_str(tag);
            self.open.extend((!is_void).then_some(name));
        }
        fits
    }

    /// Writes an end tag, whose bytes were reserved with the start tag.
    fn end_tag(&mut self, tag: &str) -> bool {
        self.html.push_str(tag);
        self.open.pop();
        true
    }

    /// Closes all open elements.
    fn close(&mut self) {
        // Text is not allowed between cells or items.
        if !self.open.last().is_some_and(|name| TEXTLESS.contains(name)) {
            self.html.push_str(ELLIPSIS);
        }
        while let Some(name) = self.open.pop() {
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        }
    }
}

/// Returns the beginning of `text` that fits into `room` bytes, cut at a word boundary unless the word is long.
fn beginning(text: &str, room: usize) -> &str {
    let mut length = 0;
    let end = text.bytes().position(|byte| {
        length += encoded_byte_len(byte);
        length > room
    });
    let end = text.floor_char_boundary(end.unwrap_or(text.len()));
    let cut = without_partial_entity(text.get(..end).unwrap_or_default());
    match cut.rfind(char::is_whitespace) {
        Some(at) if cut.len() - at <= WORD_MAX => cut.get(..at).unwrap_or(cut),
        _ => cut,
    }
}

/// The base URL for relative URLs.
struct Base<'a> {
    origin: &'a str,
    page: String,
}

impl<'a> Base<'a> {
    fn new(origin: &'a str, path: &str) -> Self {
        Self {
            origin,
            page: format!("{origin}{path}"),
        }
    }

    /// Returns the start tag of a `name` element with absolute URLs.
    fn absolute(&self, tag: &str, name: &str) -> String {
        let attribute = match name {
            "a" => " href=",
            "img" => " src=",
            _ => return tag.to_owned(),
        };
        let mut absolute = String::with_capacity(tag.len() + self.page.len());
        let mut parts = tag.split('"');
        while let Some(before) = parts.next() {
            let Some(value) = parts.next() else {
                absolute.push_str(before);
                break;
            };
            if let Some(before) = LAYOUT.iter().find_map(|layout| before.strip_suffix(layout)) {
                absolute.push_str(before);
                continue;
            }
            absolute.push_str(before);
            absolute.push('"');
            if before.ends_with(attribute) {
                self.resolve(value, &mut absolute);
            } else {
                absolute.push_str(value);
            }
            absolute.push('"');
        }
        absolute
    }

    /// Appends the absolute URL of `address`. Dot segments are left to the client (RFC 3986, 5.2.4).
    fn resolve(&self, address: &str, absolute: &mut String) {
        let address = address.trim_start_matches(|character| character <= ' ');
        let before = if has_scheme(address) {
            ""
        } else if address.starts_with("//") {
            self.origin.split("//").next().unwrap_or_default()
        } else if address.starts_with('/') {
            self.origin
        } else if address.is_empty() || address.starts_with(['#', '?']) {
            &self.page
        } else {
            let folder = self.page.rfind('/').map_or(0, |slash| slash + 1);
            self.page.get(..folder).unwrap_or_default()
        };
        absolute.push_str(before);
        absolute.push_str(address);
    }
}

/// Returns whether `address` begins with a scheme (RFC 3986, 3.1).
fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Rendered;

    /// Returns the HTML of a Markdown text in a feed.
    fn of(markdown: &str) -> String {
        of_html(&Rendered::from_markdown(markdown).html)
    }

    fn of_html(html: &str) -> String {
        feed_html(html, true, "https://site.example", "/post/1-a")
    }

    const LINK: &str = "<p><a href=\"https://site.example/post/1-a\">Read on</a></p>";

    /// Returns `html` after parsing and serialising it.
    fn read_again(html: &str) -> String {
        let tags = [
            "a",
            "blockquote",
            "br",
            "code",
            "em",
            "h2",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "span",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ];
        ammonia::Builder::empty()
            .tags(tags.into())
            .generic_attributes(
                [
                    "alt",
                    "class",
                    "dir",
                    "href",
                    "id",
                    "loading",
                    "rel",
                    "src",
                    "title",
                    "aria-label",
                ]
                .into(),
            )
            .link_rel(None)
            .clean(html)
            .to_string()
    }

    #[test]
    fn addresses_are_absolute() {
        let html = of(
            "# One\n\n![a](/media/image/a.png) [b](https://b.example/) `src=\"/c\"` [d](e/../f?g&h) [i](//j.example)",
        );
        for part in [
            "src=\"https://site.example/media/image/a.png\"",
            "href=\"https://site.example/post/1-a#in-one\"",
            "href=\"https://b.example/\"",
            "src=\"/c\"",
            "href=\"https://site.example/post/e/../f?g&amp;h\"",
            "href=\"https://j.example\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let odd = [
            ("", "https://site.example/post/1-a"),
            ("?a", "https://site.example/post/1-a?a"),
            ("mailto:a@b.example", "mailto:a@b.example"),
            (" HTTP://b.example", "HTTP://b.example"),
            ("a/b:c", "https://site.example/post/a/b:c"),
        ];
        for (address, absolute) in odd {
            let tag = format!("<a title=\" href=\" href=\"{address}\" rel=\"x\">");
            let expected = format!("<a title=\" href=\" href=\"{absolute}\" rel=\"x\">");
            assert_eq!(of_html(&format!("{tag}</a>")), format!("{expected}</a>"));
        }
    }

    #[test]
    fn a_feed_has_images_in_one_width() {
        let html = of("![a](/media/image/0a-1b-1200-800.jpg)");
        let image = "<img src=\"https://site.example/media/image/0a-1b-1200-800.jpg\" alt=\"a\" \
                     width=\"1200\" height=\"800\" loading=\"lazy\">";
        assert!(html.contains(image), "{html}");
    }

    #[test]
    fn a_short_text_stays_as_it_is() {
        let source = "# A\n\n*b* & `<c>` \"d\"\n\n- e\n\n| f |\n|---|\n| g |\n\n![h](https://i.example/j)\n";
        let rendered = Rendered::from_markdown(source).html;
        let anchor = "href=\"https://site.example/post/1-a#in-a\"";
        assert_eq!(of_html(&rendered), rendered.replace("href=\"#in-a\"", anchor));
    }

    #[test]
    fn a_long_text_is_cut_within_the_bound_and_leads_to_the_rest() {
        let texts = [
            "word ".repeat(50_000),
            "字".repeat(50_000),
            "🙂".repeat(50_000),
            "&<>\"\\".repeat(20_000),
            "*a* **b** `c` ".repeat(10_000),
            "> - [a](/b \"c > d\")\n".repeat(5_000),
            "a|b\n-|-\n".to_owned() + &"*1*|2\n".repeat(20_000),
            "```rust\n".to_owned() + &"let a = \"<b>\"; // c\n".repeat(5_000),
            "![a](/b) ".repeat(10_000),
            "# a\n".repeat(24_990),
        ];
        for text in texts {
            let rendered = Rendered::from_markdown(&text).html;
            let html = of_html(&rendered);
            assert!(html.ends_with(LINK), "{text:.20}");
            let length = encoded_len(&html);
            assert!(length <= FEED_HTML_MAX, "{text:.20}: {length}");
            assert!(length > FEED_HTML_MAX - 200, "{text:.20}: {length}");
            // A parser has nothing to correct.
            assert_eq!(read_again(&html), html, "{text:.20}");
        }
    }

    #[test]
    fn a_text_is_cut_between_words() {
        let html = of(&"word ".repeat(50_000));
        assert!(html.ends_with(&format!(" word…</p>{LINK}")), "{}", html.len());
    }

    #[test]
    fn wherever_the_input_ends_the_output_is_whole() {
        let html =
            Rendered::from_markdown("a &amp; b [c](/d \"e > &lt; f\") *g*<br>`h`\n\n> i\n\n![j](/k)").html;
        for end in html.char_indices().map(|(at, _)| at) {
            let cut = feed_html(
                html.get(..end).expect("a boundary"),
                false,
                "https://site.example",
                "/post/1-a",
            );
            assert!(cut.ends_with(LINK), "{cut}");
            assert_eq!(read_again(&cut), cut, "{end}");
        }
    }
}
