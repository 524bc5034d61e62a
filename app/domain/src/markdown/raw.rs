//! Raw HTML within Markdown. It ends with its block: a browser would reopen an unclosed formatting element in every
//! following paragraph (HTML, "reconstruct the active formatting elements"), and a text of 100 KB would become
//! gigabytes.

use comrak::html::escape;

use super::{
    elements::{Trait, has, with},
    sanitiser,
};

/// The maximum number of tags in a text; further ones are shown as text. Parsing nested tags takes time quadratic in
/// their number.
pub const TAGS_MAX: usize = 2_000;
/// The maximum number of formatting tags in a block of HTML.
pub const FORMATTING_MAX: usize = 100;
/// The maximum number of inline elements that are open at the same time.
pub const OPEN_MAX: usize = 16;
/// The maximum number of containers that are open at the same time, besides those of Markdown.
const CONTAINERS_MAX: usize = 16;
/// Marks a position in HTML while it is sanitised, by a noncharacter that texts do not contain (Unicode, 23.7).
const MARK: &str = "<!--\u{fdd0}-->";
/// Elements that browsers reopen by themselves.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// The raw tags of a text, as far as it has been processed.
#[derive(Default)]
pub(super) struct RawTags {
    count: usize,
    /// The open inline elements.
    open: Vec<&'static str>,
    /// The open containers, each with the depth of the block that opened it.
    around: Vec<(usize, String)>,
}

impl RawTags {
    /// Processes a block of HTML at the given `depth`. Formatting elements end with the block, and
    /// [containers](Trait::Container) stay open.
    pub(super) fn block(&mut self, html: &str, depth: usize) -> String {
        self.count += html.matches('<').count();
        let formatting = html
            .match_indices('<')
            .filter_map(|(at, _)| name(html.get(at + 1..)?, FORMATTING.iter().copied()))
            .count();
        if self.count > TAGS_MAX || formatting > FORMATTING_MAX {
            return shown(html);
        }
        let html = below_the_title(&html.replace(MARK, ""));
        self.in_context(&html, depth)
            .unwrap_or_else(|| sanitiser::clean(&html))
    }

    /// Sanitises `html` in the context of the open containers. Returns `None` if it does not fit into them.
    fn in_context(&mut self, html: &str, depth: usize) -> Option<String> {
        let here = self.around.partition_point(|(opened, _)| *opened < depth);
        let open = self.around.get(here..).unwrap_or_default();
        let before = tags("<", open.iter().map(|(_, name)| name.as_str()));
        let whole = sanitiser::clean_with_comments(&format!("{before}{MARK}{html}{MARK}"));
        let (outside, rest) = whole.split_once(MARK)?;
        let (inside, ends) = rest.rsplit_once(MARK)?;
        // The end of a comment or of a code block may be missing.
        if outside != before || inside.contains(MARK) {
            return None;
        }
        let mut still_open: Vec<&str> = ends
            .split(['<', '/', '>'])
            .filter(|name| !name.trim().is_empty())
            .collect();
        still_open.reverse();
        let kept = still_open
            .iter()
            .take_while(|name| has(name, Trait::Container))
            .count();
        if here + kept > CONTAINERS_MAX {
            return None;
        }
        self.around.truncate(here);
        for name in still_open.iter().take(kept) {
            self.around.push((depth, (*name).to_owned()));
        }
        let closed = still_open.iter().skip(kept).rev().copied();
        Some(inside.to_owned() + &tags("</", closed))
    }

    /// Returns the end tags of the containers opened by blocks deeper than `depth`.
    pub(super) fn leave(&mut self, depth: usize) -> String {
        let outside = self.around.partition_point(|(opened, _)| *opened <= depth);
        let left = self.around.split_off(outside);
        tags("</", left.iter().rev().map(|(_, name)| name.as_str()))
    }

    /// Writes an inline tag. One that is not allowed is shown as text, because it may be meant as such, as in
    /// `Vec<T>`.
    pub(super) fn inline(&mut self, tag: &str, html: &mut String) {
        self.count += 1;
        if tag.starts_with("<!--") {
            return;
        }
        let inside = tag.trim_start_matches('<');
        let is_obeyed = self.count <= TAGS_MAX;
        if let Some(inside) = inside.strip_prefix('/') {
            let opened =
                name(inside, inline()).and_then(|name| self.open.iter().rposition(|open| *open == name));
            match opened {
                Some(place) if is_obeyed => html.push_str(&self.close_from(place)),
                _ => html.push_str(&shown(tag)),
            }
            return;
        }
        let is_void = name(inside, with(Trait::Phrasing)).is_some_and(|name| has(name, Trait::Void));
        let opened = name(inside, inline()).filter(|_| self.open.len() < OPEN_MAX);
        if is_obeyed && (is_void || opened.is_some()) {
            self.open.extend(opened);
            html.push_str(tag);
        } else {
            html.push_str(&shown(tag));
        }
    }

    /// Returns the end tags of the open inline elements.
    pub(super) fn close(&mut self) -> String {
        self.close_from(0)
    }

    fn close_from(&mut self, place: usize) -> String {
        tags("</", self.open.drain(place..).rev())
    }
}

/// Returns the tags of the elements `names`, each beginning with `begin`.
fn tags<'a>(begin: &str, names: impl Iterator<Item = &'a str>) -> String {
    names.fold(String::new(), |tags, name| tags + begin + name + ">")
}

/// Escapes HTML, so that readers see it as its author has written it.
fn shown(html: &str) -> String {
    let mut shown = String::with_capacity(html.len());
    // Writing to a string does not fail.
    let _ = escape(&mut shown, html);
    shown
}

/// Replaces `h1` by `h2` in `html`, because the title is the `h1` of the page.
pub(super) fn below_the_title(html: &str) -> String {
    let mut lowered = String::with_capacity(html.len());
    for (number, part) in html.split('<').enumerate() {
        if number > 0 {
            lowered.push('<');
        }
        let end = usize::from(part.starts_with('/'));
        let is_title = part.get(end..).is_some_and(|tag| name(tag, ["h1"]).is_some());
        match part.split_at_checked(end + "h1".len()).filter(|_| is_title) {
            Some((before, after)) => {
                lowered.push_str(before.get(..end).unwrap_or_default());
                lowered.push_str("h2");
                lowered.push_str(after);
            }
            None => lowered.push_str(part),
        }
    }
    lowered
}

/// Returns which of `names` the inside of a tag begins with.
fn name(inside: &str, names: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let end = inside
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(inside.len());
    let found = inside.get(..end)?;
    names.into_iter().find(|name| found.eq_ignore_ascii_case(name))
}

/// Returns the elements that stand within a line and have an end tag.
fn inline() -> impl Iterator<Item = &'static str> {
    with(Trait::Phrasing).filter(|name| !has(name, Trait::Void))
}

#[cfg(test)]
mod tests {
    use crate::markdown::Rendered;

    fn html(markdown: &str) -> String {
        Rendered::from_markdown(markdown).html
    }

    #[test]
    fn markdown_may_stand_in_an_element_that_was_opened_by_hand() {
        for (markdown, expected) in [
            (
                "<details>\n<summary>More</summary>\n\n*a*\n\n- b\n\n</details>\n\nc",
                "<details>\n<summary>More</summary>\n<p><em>a</em></p>\n<ul>\n<li>b</li>\n</ul>\n</details>\n<p>c</p>\n",
            ),
            (
                "<details open><summary>a</summary>b</details>",
                "<details open=\"\"><summary>a</summary>b</details>",
            ),
            (
                "> <details>\n>\n> a\n\nb",
                "<blockquote>\n<details>\n<p>a</p>\n</details>\n</blockquote>\n<p>b</p>\n",
            ),
            ("<details>\n\na", "<details>\n<p>a</p>\n</details>"),
            (
                "<table>\n<tr>\n<td>\n\n*a*\n\n</td>\n<td>\n\nb\n\n</td>\n</tr>\n</table>",
                "<table>\n<tbody><tr>\n<td>\n<p><em>a</em></p>\n</td>\n<td>\n<p>b</p>\n</td>\n</tr>\n</tbody></table>",
            ),
            (
                "<table>\n\n<tr>\n\n<td>\na\n</td>\n\n</tr>\n\n</table>\n\nb",
                "<table>\n<tbody><tr>\n<td>\na\n</td>\n</tr>\n</tbody></table>\n<p>b</p>\n",
            ),
            ("<del>\n\na\n\n</del>", "<del>\n<p>a</p>\n</del>"),
            ("<!-- a\n\nb -->\n\nc", "\n<p>c</p>\n"),
            ("<div>\n<b>\n\na\n\n</div>", "<div>\n<b>\n</b>\n<p>a</p>\n</div>"),
            ("</details>\n\na", "\n<p>a</p>\n"),
            ("<h1 align=center>A</h1>", "<h2>A</h2>"),
        ] {
            assert_eq!(html(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn what_is_opened_often_is_no_deeper_than_it_may_be() {
        let html = html(&"<details>\n\na\n\n".repeat(300));
        assert!(html.matches("<details>").count() >= 300);
        let mut depth = 0_usize;
        for tag in html.split('<').skip(1) {
            if tag.starts_with("details") {
                depth += 1;
            } else if tag.starts_with("/details") {
                depth -= 1;
            }
            assert!(depth <= super::CONTAINERS_MAX + 1, "{depth}");
        }
    }

    #[test]
    fn what_writers_of_other_systems_know_is_kept() {
        for kept in [
            "H<sub>2</sub>O x<sup>2</sup> <kbd>Ctrl</kbd> <del>a</del> <ins>b</ins> <mark>c</mark> <small>d</small>",
            "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby> <q>a</q> <samp>b</samp> <var>c</var> <cite>d</cite> <u>e</u>",
            "<abbr title=\"HyperText\">HT</abbr> <s>a</s> <strike>b</strike> <bdi>c</bdi>",
        ] {
            assert_eq!(html(kept), format!("<p>{kept}</p>\n"));
        }
        let table = "<table><caption>a</caption><tbody><tr><th colspan=\"2\">b</th></tr><tr><td rowspan=\"2\">c</td></tr></tbody></table>";
        assert_eq!(html(table), table);
        let figure = "<figure><figcaption>a</figcaption></figure>";
        assert_eq!(html(figure), figure);
        assert_eq!(
            html("<table><tr><td colspan=\"0\" rowspan=\"9999\">a</td></tr></table>"),
            "<table><tbody><tr><td>a</td></tr></tbody></table>"
        );
    }
}
