//! Excerpts in plain text.

use unicode_segmentation::UnicodeSegmentation;

use super::{
    elements::{Trait, has},
    tokens::{Token, tokens},
};

/// The maximum length of an excerpt in characters.
const EXCERPT_MAX: usize = 280;
/// The number of bytes of a text that are read, enough for an excerpt whatever the markup is.
const BYTES_MAX: usize = 64 * 1024;

/// Returns the excerpt of sanitised `html`, cut between words. Headings, tables and code are included only if there
/// is nothing else.
#[must_use]
pub fn from_html(html: &str) -> String {
    let excerpt = shortened(&text_outside(html, |name| has(name, Trait::Aside)));
    if excerpt.is_empty() {
        shortened(&text_outside(html, |_| false))
    } else {
        excerpt
    }
}

/// Returns the beginning of the text in `html` outside the elements that are asides, with spaces between blocks.
fn text_outside(html: &str, is_aside: fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut asides = 0;
    let end = html.floor_char_boundary(BYTES_MAX);
    for token in tokens(html.get(..end).unwrap_or(html)) {
        match token {
            Token::Text(part) if asides == 0 && !is_note(&open) => text.push_str(part),
            Token::Text(_) => {}
            Token::StartTag(_, name) => {
                asides += usize::from(is_aside(name));
                if has(name, Trait::List) && open.contains(&"li") && asides == 0 {
                    end_item(&mut text);
                }
                if separates_words(name) {
                    text.push(' ');
                }
                if !has(name, Trait::Void) {
                    open.push(name);
                }
            }
            Token::EndTag(_, name) => {
                open.pop();
                asides = asides.saturating_sub(usize::from(is_aside(name)));
                if has(name, Trait::Item) && asides == 0 {
                    end_item(&mut text);
                } else if separates_words(name) {
                    text.push(' ');
                }
            }
        }
        // A character has at most four bytes.
        if text.len() > EXCERPT_MAX * 8 {
            break;
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ");
    let text = text.replace("&amp;", "&");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(';').to_owned()
}

/// Returns whether the element `name` separates the words before and after its tags.
fn separates_words(name: &str) -> bool {
    !has(name, Trait::Phrasing) || has(name, Trait::Separator)
}

/// Returns whether the next text is the number of a footnote reference.
fn is_note(open: &[&str]) -> bool {
    matches!(open, [.., "sup", "a"])
}

/// Appends a separator after an item unless it ends with punctuation.
fn end_item(text: &mut String) {
    text.truncate(text.trim_end().len());
    if text.ends_with(char::is_alphanumeric) || text.ends_with(['"', '”', '’', ')', ']', '%']) {
        text.push(';');
    }
    text.push(' ');
}

/// Cuts `text` at the end of a word, or of a grapheme if the first word is too long.
fn shortened(text: &str) -> String {
    if text.chars().count() <= EXCERPT_MAX {
        return text.to_owned();
    }
    let (mut end, mut length) = (0, 0);
    // Punctuation stays with the word before it.
    let mut words = text.split_word_bound_indices().peekable();
    while let Some((start, word)) = words.next() {
        length += word.chars().count();
        // One for the ellipsis and one for the space before it.
        if length > EXCERPT_MAX - 2 {
            break;
        }
        let is_followed = words.peek().is_some_and(|(_, next)| {
            !next.contains(|char: char| char.is_alphanumeric() || char.is_whitespace())
        });
        if !is_followed {
            end = start + word.len();
        }
    }
    if end == 0 {
        // A single word that is too long.
        end = text
            .grapheme_indices(true)
            .map(|(start, cluster)| start + cluster.len())
            .take_while(|end| {
                text.get(..*end)
                    .is_some_and(|start| start.chars().count() < EXCERPT_MAX)
            })
            .last()
            .unwrap_or(0);
    }
    let short = text.get(..end).unwrap_or_default().trim_end();
    let short = short.trim_end_matches([',', ';', ':', '-', '–', '—', '(', '、', '，', '；', '：']);
    let is_sentence = short.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।']);
    format!("{}{}…", short.trim_end(), if is_sentence { " " } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Rendered;

    fn excerpt(markdown: &str) -> String {
        Rendered::from_markdown(markdown).excerpt
    }

    #[test]
    fn an_excerpt_is_the_plain_text_of_the_beginning() {
        for (markdown, expected) in [
            (
                "*one*, [two](/x); `three`.\n\n- a\n  - b",
                "one, two; three. a; b",
            ),
            ("# A\n\nsome *bold*\n<b>words</b>", "some bold words"),
            ("# A\n\n## B", "A B"),
            ("Two[^a] notes\n\n[^a]: A note", "Two notes"),
            ("1 < 2 & 3 > 2 &copy;", "1 < 2 & 3 > 2 ©"),
            ("", ""),
        ] {
            assert_eq!(excerpt(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn the_text_that_stands_for_a_picture_is_not_part_of_it() {
        assert_eq!(excerpt("![A field](/media/a.jpg)\n\nWords"), "Words");
        assert_eq!(excerpt("![A field](/media/a.jpg)"), "");
    }

    #[test]
    fn items_and_cells_are_told_apart() {
        assert_eq!(
            excerpt("Buy\n\n- milk\n- eggs\n- bread."),
            "Buy milk; eggs; bread."
        );
        assert_eq!(excerpt("| a | b |\n|---|---|\n| c | d! |"), "a; b; c; d!");
        assert_eq!(
            excerpt("<table><tr><td>a</td><td>b</td></tr></table>\n\nText"),
            "Text"
        );
        assert_eq!(excerpt("<div>a</div><div>b</div>"), "a b");
        assert_eq!(excerpt("un<strike>happy</strike>"), "unhappy");
    }

    #[test]
    fn a_long_text_is_cut_between_words_of_any_script() {
        let long = excerpt(&"lorem ipsum ".repeat(1000));
        assert!(
            long.chars().count() <= EXCERPT_MAX && long.ends_with("m…"),
            "{long}"
        );
        for (sentence, end) in [
            ("bridges. ", "bridges. …"),
            ("rivers, ", "rivers…"),
            ("really? ", "really? …"),
        ] {
            let long = excerpt(&sentence.repeat(100));
            assert!(long.ends_with(end), "{long}");
        }
        for text in ["é", "字", "🙂", "👩‍👩‍👧", "नि", "แม่น้ำ"] {
            let long = excerpt(&text.repeat(500));
            let length = long.chars().count();
            assert!(
                (EXCERPT_MAX - 10..=EXCERPT_MAX).contains(&length),
                "{length}: {long}"
            );
            let whole = long.trim_end_matches('…');
            assert!(text.repeat(500).starts_with(whole), "{long}");
        }
        assert_eq!(excerpt("👩‍👩‍👧").chars().count(), 5);
        assert!(excerpt(&format!("Hello {}", "漢字".repeat(300))).chars().count() > 250);
    }
}
