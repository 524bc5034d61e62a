//! A post's text as HTML.
//!
//! Markdown may hold any HTML, so what comes out of the parser is not trusted: ammonia keeps an allow-list of elements and
//! attributes and drops the rest. No user text reaches a page without having passed here or through the views' escaping.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// An excerpt has at most this many characters.
const EXCERPT_MAX: usize = 280;

/// Elements that carry text or structure; nothing that loads, runs, styles or submits.
const ELEMENTS: [&str; 31] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "ul",
];
const TABLE_PARTS: [&str; 4] = ["thead", "tbody", "tr", "th"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.into_iter().chain(TABLE_PARTS).collect())
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "textarea", "noscript", "template",
        ]))
        .add_tag_attributes("a", ["href", "title"])
        .add_tag_attributes("img", ["src", "alt", "title"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

/// `markdown` as sanitised HTML. Its headings begin at `h2`: the page's own heading is the title.
#[must_use]
pub fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: below_title(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below_title(level))),
        other => other,
    });
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    push_html(&mut html, events);
    SANITISER.clean(&html).to_string()
}

/// The beginning of `markdown` as plain text, cut between words.
#[must_use]
pub fn excerpt(markdown: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(_) if !text.ends_with(' ') => text.push(' '),
            _ => continue,
        }
        length += 1;
        // A character takes at most four bytes, and events are short: this bounds the work on a long text.
        if length > EXCERPT_MAX || text.len() > EXCERPT_MAX * 4 {
            break;
        }
    }
    shortened(text.split_whitespace())
}

fn shortened<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut short = String::new();
    let mut length = 0;
    for word in words {
        let more = word.chars().count() + usize::from(!short.is_empty());
        if length + more > EXCERPT_MAX - 1 {
            // A single word that is too long is cut; anything else ends before the word that does not fit.
            if short.is_empty() {
                short.extend(word.chars().take(EXCERPT_MAX - 1));
            }
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        length += more;
    }
    short
}

const fn below_title(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html_below_the_pages_own_heading() {
        assert_eq!(
            to_html("# One\n\nA *b* `c`"),
            "<h2>One</h2>\n<p>A <em>b</em> <code>c</code></p>\n"
        );
    }

    #[test]
    fn nothing_that_runs_loads_or_submits_survives() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](data:text/html,x)",
            "<a href=\"java\tscript:alert(1)\">a</a>",
            "<iframe src=//evil.example></iframe>",
            "<style>*{display:none}</style>",
            "<form action=/logout method=post><button>x</button></form>",
            "<p style=position:fixed onclick=alert(1)>x</p>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<!--><script>alert(1)</script>-->",
        ] {
            let html = to_html(hostile);
            for sign in [
                "<script",
                "onerror",
                "onload",
                "javascript",
                "data:",
                "<iframe",
                "<style",
                "<form",
                "<svg",
                "style=",
            ] {
                assert!(!html.to_lowercase().contains(sign), "{hostile:?} gave {html:?}");
            }
            assert_eq!(
                SANITISER.clean(&html).to_string(),
                html,
                "sanitising twice changes nothing"
            );
        }
    }

    #[test]
    fn links_say_that_the_site_does_not_vouch_for_them() {
        assert!(to_html("[a](https://example.org)").contains("rel=\"nofollow ugc noopener\""));
    }

    #[test]
    fn an_excerpt_is_plain_text_cut_between_words() {
        assert_eq!(excerpt("# A\n\nsome *bold*\n<b>words</b>"), "A some bold words");
        let long = excerpt(&"lorem ipsum ".repeat(1000));
        assert!(
            long.chars().count() <= EXCERPT_MAX && long.ends_with("m…"),
            "{long}"
        );
        assert_eq!(excerpt(&"é".repeat(1000)).chars().count(), EXCERPT_MAX);
        assert_eq!(excerpt(""), "");
    }
}
