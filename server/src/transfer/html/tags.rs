//! Simplifies the tags of a text, so that the time for parsing them is linear in their length: the parser compares each
//! attribute of a tag with all others.

/// The maximum number of attributes of a tag.
const ATTRIBUTES_MAX: usize = 100;
/// Elements whose content is not parsed as HTML and is not displayed.
const UNSEEN: &[&str] = &["iframe", "noembed", "noframes", "noscript", "script", "style"];
/// Elements whose content is not parsed as HTML but is displayed.
const WORDS: &[&str] = &["textarea", "title", "xmp"];
/// The replacement for embedded files in addresses (data URLs). They are not displayed, and may be longer than a text.
const FILE: &str = "data:,";

/// A text with simplified tags and without comments, which in other systems may have any length.
#[derive(Debug, Default)]
pub(super) struct Light {
    pub html: String,
    /// The number of attributes that were removed.
    pub left_out: usize,
}

/// Returns `html` with simplified tags.
pub(super) fn lighten(html: &str) -> Light {
    let mut light = Light {
        html: String::with_capacity(html.len()),
        left_out: 0,
    };
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        light.html.push_str(before);
        rest = light.mark(after).unwrap_or_default();
    }
    light.html.push_str(rest);
    light
}

impl Light {
    /// Processes the markup that begins with `<` and continues with `after`. Returns the text after it, or `None` if
    /// the markup has no end, in which case browsers treat everything that follows as part of it.
    fn mark<'a>(&mut self, after: &'a str) -> Option<&'a str> {
        if let Some(comment) = after.strip_prefix("!--") {
            let empty = comment.strip_prefix('>').or(comment.strip_prefix("->"));
            return empty.or_else(|| Some(comment.split_once("-->")?.1));
        }
        let begins_with_letter = |text: &str| text.starts_with(|char: char| char.is_ascii_alphabetic());
        if begins_with_letter(after) {
            return self.start_tag(after);
        }
        match after.strip_prefix('/') {
            Some(end) if begins_with_letter(end) => self.end_tag(end),
            Some("") | None if !after.starts_with(['!', '?']) => {
                self.html.push_str("&lt;");
                Some(after)
            }
            _ => Some(after.split_once('>')?.1),
        }
    }

    fn start_tag<'a>(&mut self, tag: &'a str) -> Option<&'a str> {
        let written = self.html.len();
        let (name, rest) = split(tag, ends_name);
        self.html.push('<');
        self.html.push_str(name);
        let rest = self.attributes(rest, true);
        if rest.is_none() {
            self.html.truncate(written);
        }
        let rest = rest?;
        let name = name.to_ascii_lowercase();
        let is_seen = WORDS.contains(&name.as_str());
        if !is_seen && !UNSEEN.contains(&name.as_str()) {
            return Some(rest);
        }
        let end = end_of(&name, rest);
        let (content, rest) = rest.split_at_checked(end)?;
        if is_seen {
            self.html.push_str(content);
        }
        Some(rest)
    }

    fn end_tag<'a>(&mut self, tag: &'a str) -> Option<&'a str> {
        let (name, rest) = split(tag, ends_name);
        let rest = self.attributes(rest, false)?;
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
        Some(rest)
    }

    /// Reads attributes up to the end of the tag (HTML, 13.2.5.32 and following), writes them if `kept`, and returns
    /// the text after the tag.
    fn attributes<'a>(&mut self, mut rest: &'a str, kept: bool) -> Option<&'a str> {
        let mut count = 0;
        loop {
            rest = rest.trim_start_matches(is_space);
            if let Some(after) = rest.strip_prefix('>') {
                if kept {
                    self.html.push('>');
                }
                return Some(after);
            }
            if let Some(after) = rest.strip_prefix('/') {
                if kept && after.starts_with('>') {
                    self.html.push('/');
                }
                rest = after;
                continue;
            }
            // The first character of a name may be one that would end a name elsewhere.
            let first = rest.chars().next()?.len_utf8();
            let length = rest.get(first..)?.find(|char| ends_name(char) || char == '=');
            let (name, after) = rest.split_at_checked(first + length?)?;
            let (value, after) = match after.trim_start_matches(is_space).strip_prefix('=') {
                Some(after) => value(after.trim_start_matches(is_space))?,
                None => ("", after),
            };
            rest = after;
            count += usize::from(kept);
            if count > ATTRIBUTES_MAX {
                self.left_out += 1;
            } else if kept {
                self.attribute(name, value);
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        let is_file = value
            .trim_start()
            .get(.."data:".len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case("data:"));
        if is_file {
            self.html.push_str(FILE);
        } else {
            self.html.push_str(&value.replace('"', "&quot;"));
        }
        self.html.push('"');
    }
}

/// Returns the value at the beginning of `text` and the text after it, or `None` if the value has no end.
fn value(text: &str) -> Option<(&str, &str)> {
    match text.chars().next()? {
        quote @ ('"' | '\'') => text.get(1..)?.split_once(quote),
        _ => Some(split(text, |char| is_space(char) || char == '>')),
    }
}

fn split(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(ends).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Returns the position of the end tag called `name` in `text`, or the end of `text` if there is none.
fn end_of(name: &str, text: &str) -> usize {
    let is_end = |at: usize| {
        let tag = text.get(at + "</".len()..).unwrap_or_default();
        let (found, after) = split(tag, ends_name);
        found.eq_ignore_ascii_case(name) && !after.is_empty()
    };
    let mut marks = text.match_indices("</").map(|(at, _)| at);
    marks.find(|at| is_end(*at)).unwrap_or(text.len())
}

fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn ends_name(char: char) -> bool {
    is_space(char) || ['/', '>'].contains(&char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_mean_what_they_meant() {
        for (html, light) in [
            ("a<p>b</p>c", "a<p>b</p>c"),
            (
                "<A HREF=x/y target = '_b' c\n>",
                "<A HREF=\"x/y\" target=\"_b\" c=\"\">",
            ),
            ("<p a='\"' b=\"'>'\">", "<p a=\"&quot;\" b=\"'>'\">"),
            ("<br/><path d=1 /></p x='>'>", "<br/><path d=\"1\"/></p>"),
            ("<p a=1/b =c = d='>", "<p a=\"1/b\" =c=\"d='\">"),
            ("<p =a b\"c>", "<p =a=\"\" b\"c=\"\">"),
            ("<p a=>b", "<p a=\"\">b"),
            ("1 < 2 <3 <- </ 4> <!x>", "1 &lt; 2 &lt;3 &lt;-  "),
            ("<<!-- -->b>", "&lt;b>"),
            ("a<!-- b <!-- c -->d<!-->e<!--->f<!-- g", "adef"),
            ("<script src=a>x<b>'y</SCRIPT >z", "<script src=\"a\"></SCRIPT>z"),
            (
                "<textarea><!-- a<b --></textareas></textarea>",
                "<textarea><!-- a<b --></textareas></textarea>",
            ),
            ("<p title=\"<!-- a\">b<i", "<p title=\"<!-- a\">b"),
        ] {
            assert_eq!(lighten(html).html, light, "{html}");
        }
    }

    #[test]
    fn files_in_addresses_are_left_out_however_they_are_written() {
        let file = "x y/'%20\n".repeat(10_000);
        for html in [
            format!("<img alt=\"a > b\" src=\"data:image/svg+xml;utf8,{file}\">"),
            format!("<img alt='a > b' src=\" DATA:image/png;base64,{file}\">"),
            format!("<img src=data:{} alt='a > b'>", "a/b".repeat(10_000)),
        ] {
            let light = lighten(&html).html;
            assert!(
                light.contains(FILE) && light.contains("a > b") && light.len() < 50,
                "{light}"
            );
        }
        let words = "<pre>url(data:image/png;base64,iVBORw0KGgo=)</pre>";
        assert_eq!(lighten(words).html, words);
    }

    #[test]
    fn the_first_attributes_of_very_many_are_kept() {
        for separator in [" ", "/", "=\"\""] {
            let many: Vec<String> = (0..50_000)
                .map(|number| format!("a{number}{separator}"))
                .collect();
            let light = lighten(&format!("<p {}>x", many.concat()));
            assert_eq!(light.html.matches("=\"\"").count(), ATTRIBUTES_MAX, "{separator}");
            assert_eq!(light.left_out, 50_000 - ATTRIBUTES_MAX, "{separator}");
            assert!(light.html.ends_with(">x"));
        }
    }
}
