//! Adds paragraphs to texts of the classic editor, which separates them by empty lines.

use crate::transfer::html::escaped;

/// The block elements (WordPress, `wpautop`).
const BLOCKS: &[&str] = &[
    "address",
    "area",
    "article",
    "aside",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "map",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// The block elements that contain other elements, but no text.
const STRUCTURES: &[&str] = &[
    "col", "colgroup", "dl", "menu", "ol", "table", "tbody", "tfoot", "thead", "tr",
];
/// The block elements that contain text without paragraphs, if it is a single one.
const LINES: &[&str] = &[
    "address",
    "caption",
    "dd",
    "dt",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "legend",
    "li",
    "p",
    "summary",
];
/// Elements whose content is not changed.
const WHOLE: &[&str] = &[
    "audio", "iframe", "object", "pre", "script", "style", "svg", "textarea", "video",
];
/// The maximum number of open elements that an end tag searches for its start tag.
const OPEN_LOOKED_AT: usize = 100;

/// Returns `html` with paragraphs.
pub(super) fn add(html: &str) -> String {
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    let lower = html.to_ascii_lowercase();
    let mut writer = ParagraphWriter::default();
    // The names of elements without further end tags, so that no end tag is searched for twice.
    let mut endless: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match rest.strip_prefix('<') {
            None => rest.find('<').unwrap_or(rest.len()),
            // Not a tag, but a less-than sign.
            Some(text)
                if !text.starts_with(|char: char| char.is_ascii_alphabetic() || "/!?".contains(char)) =>
            {
                1
            }
            Some(comment) if comment.starts_with("!--") => rest.find("-->").map_or(rest.len(), |end| end + 3),
            Some(_) => {
                let name = name(lower.get(at + 1..).unwrap_or_default());
                let mut end = rest.find('>').map(|end| end + 1);
                if WHOLE.contains(&name) && !endless.contains(&name) {
                    let found = lower.get(at..).and_then(|rest| rest.find(&format!("</{name}")));
                    let found = found.and_then(|end| rest.get(end..)?.find('>').map(|tag| end + tag + 1));
                    if found.is_none() {
                        endless.push(name);
                    }
                    end = found.or(end);
                }
                end.unwrap_or(rest.len())
            }
        };
        let part = rest.get(..length).unwrap_or(rest);
        writer.add(part, lower.get(at..at + length).unwrap_or_default());
        at += part.len();
    }
    writer.end_run();
    writer.written
}

/// Returns the name at the beginning of a tag.
fn name(tag: &str) -> &str {
    let end = tag
        .find(|char: char| !char.is_ascii_alphanumeric())
        .unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

#[derive(Default)]
struct ParagraphWriter<'a> {
    written: String,
    /// The pending lines.
    run: String,
    open: Vec<&'a str>,
}

impl<'a> ParagraphWriter<'a> {
    /// Adds a part: a tag, a comment or text. `lower` is the same in lower case.
    fn add(&mut self, part: &str, lower: &'a str) {
        let Some(inside) = lower.strip_prefix('<') else {
            self.run.push_str(part);
            return;
        };
        let is_end = inside.starts_with('/');
        let name = name(inside.trim_start_matches('/'));
        if !BLOCKS.contains(&name) {
            // Line breaks within a tag or comment are not part of the text.
            self.run.push_str(&part.replace('\n', " "));
            return;
        }
        self.end_run();
        self.written.push_str(part);
        if is_end {
            let open = self
                .open
                .iter()
                .rev()
                .take(OPEN_LOOKED_AT)
                .position(|open| *open == name);
            if let Some(within) = open {
                self.open.truncate(self.open.len() - within - 1);
            }
        } else if !["area", "col", "hr", "pre", "style"].contains(&name) && !lower.ends_with("/>") {
            self.open.push(name);
        }
    }

    /// Writes the pending lines. Empty lines separate paragraphs, and every other line break is kept.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let around = self.open.last().copied().unwrap_or_default();
        if STRUCTURES.contains(&around) || around == "ul" {
            self.written.push_str(&run);
            return;
        }
        let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
        for line in run.split('\n') {
            let line = line.trim_matches([' ', '\t']);
            match paragraphs.last_mut() {
                Some(last) if !line.is_empty() => last.push(line),
                Some(last) if last.is_empty() => {}
                _ => paragraphs.push(Vec::new()),
            }
        }
        paragraphs.retain(|lines| !lines.is_empty());
        let is_line = LINES.contains(&around) || ["td", "th"].contains(&around);
        if is_line && paragraphs.len() < 2 {
            // Space between words and elements is kept.
            if run.starts_with([' ', '\n']) {
                self.written.push(' ');
            }
            for lines in paragraphs {
                self.written.push_str(&joined(&lines));
            }
        } else if around == "p" || around.starts_with('h') && around.len() == 2 {
            let parts: Vec<String> = paragraphs.iter().map(|lines| joined(lines)).collect();
            self.written.push_str(&parts.join("<br><br>"));
        } else {
            for lines in paragraphs {
                self.written.push_str("<p>");
                self.written.push_str(&joined(&lines));
                self.written.push_str("</p>\n");
            }
        }
    }
}

/// Returns `lines` joined with line breaks, unless they contain one already.
fn joined(lines: &[&str]) -> String {
    let mut written = String::new();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            let has_break = ["<br>", "<br/>", "<br />"]
                .iter()
                .any(|tag| written.ends_with(tag));
            written.push_str(if has_break { "\n" } else { "<br>\n" });
        }
        // WordPress embeds the page or media at an address that is alone on a line.
        if is_address(line) {
            written.push_str("<iframe src=\"");
            written.push_str(&escaped(&line.replace("&amp;", "&")));
            written.push_str("\"></iframe>");
        } else {
            written.push_str(line);
        }
    }
    written
}

fn is_address(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://"))
        && !line.contains(|char: char| char.is_whitespace() || "<>\"[]".contains(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_part_paragraphs_and_others_break_lines_but_blocks_stay_whole() {
        for (text, html) in [
            ("a\n\nb\nc", "<p>a</p>\n<p>b<br>\nc</p>\n"),
            ("a\r\n \r\nb", "<p>a</p>\n<p>b</p>\n"),
            (
                "a\n\n<pre>b\n\nc</pre>\n\nd\n\ne",
                "<p>a</p>\n<pre>b\n\nc</pre><p>d</p>\n<p>e</p>\n",
            ),
            (
                "<ul>\n<li>a\nb</li>\n</ul>\nc",
                "<ul>\n<li>a<br>\nb</li>\n</ul><p>c</p>\n",
            ),
            (
                "<p style='x'>a</p>\n\nb\n\nc",
                "<p style='x'>a</p><p>b</p>\n<p>c</p>\n",
            ),
            (
                "<blockquote>a\n\nb</blockquote>",
                "<blockquote><p>a</p>\n<p>b</p>\n</blockquote>",
            ),
            (
                "<table>\n<tr>\n<td>a</td>\n</tr>\n</table>",
                "<table>\n<tr>\n<td>a</td>\n</tr>\n</table>",
            ),
            ("<div>a\n\nb</div>", "<div><p>a</p>\n<p>b</p>\n</div>"),
            (
                "a<br />\nb <b\nclass=x>c</b>",
                "<p>a<br />\nb <b class=x>c</b></p>\n",
            ),
            (
                "a\nhttps://b.example/?c=1&amp;d\ne https://f.example",
                "<p>a<br>\n<iframe src=\"https://b.example/?c=1&amp;d\"></iframe><br>\ne https://f.example</p>\n",
            ),
            ("<h2>a</h2>\nb", "<h2>a</h2><p>b</p>\n"),
            ("a < b\n\nc > d", "<p>a < b</p>\n<p>c > d</p>\n"),
            (
                "a <script>b\n\nc</script> d",
                "<p>a <script>b  c</script> d</p>\n",
            ),
        ] {
            assert_eq!(add(text), html, "{text:?}");
        }
    }
}
