//! The direction of each part of a text.
//!
//! A paragraph, item, quotation, heading or cell has the direction of its own first letter, as with `dir="auto"`
//! (HTML, 3.2.6.4). The attribute is written only where it differs from that of the parent: most texts do not need it
//! at all, and feed readers respect it like browsers.

use std::borrow::Cow;

use unicode_bidi::{BidiClass, bidi_class};

use super::{
    elements::{Trait, has},
    tokens::{Token, tokens},
};

/// Unordered lists, which have the direction of their first item.
const LIST: &str = "ul";
/// Code blocks, which are always left-to-right.
const PROGRAM: &str = "pre";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// Returns the direction of the first letter of `text`, which may contain character references.
    fn detect(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            if character == '&' {
                characters.find(|character| *character == ';');
                continue;
            }
            match bidi_class(character) {
                BidiClass::L => return Some(Self::LeftToRight),
                BidiClass::R | BidiClass::AL => return Some(Self::RightToLeft),
                _ => {}
            }
        }
        None
    }

    /// Returns the direction that the author has set with a `dir` attribute.
    fn given(tag: &str) -> Option<Self> {
        if tag.contains(" dir=\"rtl\"") {
            Some(Self::RightToLeft)
        } else if tag.contains(" dir=\"ltr\"") {
            Some(Self::LeftToRight)
        } else {
            None
        }
    }

    const fn attribute(self) -> &'static str {
        match self {
            Self::LeftToRight => " dir=\"ltr\"",
            Self::RightToLeft => " dir=\"rtl\"",
        }
    }
}

/// Adds `dir` attributes to the elements of sanitised HTML whose direction differs from that of their parent. The
/// parent of the whole text is left-to-right.
pub(super) fn mark(html: &str) -> Cow<'_, str> {
    // No script before the Hebrew block is right-to-left.
    if html.chars().all(|character| character < '\u{590}') && !html.contains(" dir=\"") {
        return Cow::Borrowed(html);
    }
    let mut directions = directions(html).into_iter();
    let mut marked = String::with_capacity(html.len() + html.len() / 16);
    let mut around = vec![Direction::LeftToRight];
    for token in tokens(html) {
        let inherited = around.last().copied().unwrap_or(Direction::LeftToRight);
        match token {
            Token::Text(text) => marked.push_str(text),
            Token::EndTag(tag, _) => {
                around.pop();
                marked.push_str(tag);
            }
            Token::StartTag(tag, name) => {
                let own = if is_directed(name) {
                    directions.next().flatten()
                } else {
                    Direction::given(tag)
                };
                let own = own.unwrap_or(inherited);
                let without_end = tag
                    .strip_suffix('>')
                    .filter(|_| own != inherited && is_directed(name) && Direction::given(tag).is_none());
                match without_end {
                    Some(tag) => {
                        marked.push_str(tag);
                        marked.push_str(own.attribute());
                        marked.push('>');
                    }
                    None => marked.push_str(tag),
                }
                if !has(name, Trait::Void) {
                    around.push(own);
                }
            }
        }
    }
    Cow::Owned(marked)
}

fn is_directed(name: &str) -> bool {
    has(name, Trait::Directed) || name == LIST || name == PROGRAM
}

/// Returns the direction of each block in `html`, in the order of the start tags; `None` for a block without letters.
fn directions(html: &str) -> Vec<Option<Direction>> {
    let mut directions: Vec<Option<Direction>> = Vec::new();
    // The open elements: for blocks, their index in `directions`.
    let mut open: Vec<Option<usize>> = Vec::new();
    for token in tokens(html) {
        match token {
            Token::StartTag(tag, name) => {
                let block = is_directed(name).then_some(directions.len());
                if block.is_some() {
                    let fixed = (name == PROGRAM).then_some(Direction::LeftToRight);
                    directions.push(fixed.or_else(|| Direction::given(tag)));
                }
                if !has(name, Trait::Void) {
                    open.push(block);
                }
            }
            Token::EndTag(..) => {
                open.pop();
            }
            Token::Text(text) => {
                let mut undecided = open.iter().rev().filter_map(|block| *block);
                let innermost = undecided.next();
                let is_decided = |block: usize| directions.get(block).is_none_or(Option::is_some);
                if innermost.is_none_or(is_decided) {
                    continue;
                }
                let Some(direction) = Direction::detect(text) else {
                    continue;
                };
                for block in innermost.into_iter().chain(undecided) {
                    if let Some(undecided @ None) = directions.get_mut(block) {
                        *undecided = Some(direction);
                    }
                }
            }
        }
    }
    directions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_the_direction_of_its_own_first_letter() {
        for (html, expected) in [
            (
                "<p>a</p><p>1 &amp; א b</p>",
                "<p>a</p><p dir=\"rtl\">1 &amp; א b</p>",
            ),
            (
                "<ul><li>א</li><li>b</li></ul>",
                "<ul dir=\"rtl\"><li>א</li><li dir=\"ltr\">b</li></ul>",
            ),
            (
                "<blockquote><p>ع</p></blockquote><p>a</p>",
                "<blockquote dir=\"rtl\"><p>ع</p></blockquote><p>a</p>",
            ),
            (
                "<table><tbody><tr><td>a</td><td><em>ع</em></td></tr></tbody></table>",
                "<table><tbody><tr><td>a</td><td dir=\"rtl\"><em>ع</em></td></tr></tbody></table>",
            ),
            (
                "<blockquote><p>א<br>b</p><pre><code>c</code></pre><p>1</p></blockquote>",
                "<blockquote dir=\"rtl\"><p>א<br>b</p><pre dir=\"ltr\"><code>c</code></pre><p>1</p></blockquote>",
            ),
            (
                "<p dir=\"rtl\">a</p><p>א</p><p dir=\"ltr\">א</p>",
                "<p dir=\"rtl\">a</p><p dir=\"rtl\">א</p><p dir=\"ltr\">א</p>",
            ),
            (
                "<p>a <em>א</em> <i>b</i></p>",
                "<p>a <em dir=\"rtl\">א</em> <i>b</i></p>",
            ),
            ("<h2 id=\"in-א\">א</h2>", "<h2 id=\"in-א\" dir=\"rtl\">א</h2>"),
            ("<p>Ünïcödé 字</p>", "<p>Ünïcödé 字</p>"),
        ] {
            assert_eq!(mark(html), expected);
            assert_eq!(mark(&mark(html)), expected, "marking twice changes nothing");
        }
    }
}
