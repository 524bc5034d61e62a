//! A post's text as HTML.
//!
//! Markdown may hold any HTML, so what comes out of the parser is not trusted: ammonia keeps an allow-list of elements and
//! attributes and drops the rest. No user text reaches a page without having passed here or through the views' escaping.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};
use tokio::task::spawn_blocking;

use crate::error::AppError;

/// An excerpt has at most this many characters.
const EXCERPT_MAX: usize = 280;
/// An excerpt is made from at most this many parts of the text.
const EXCERPT_EVENTS: usize = 1_000;
/// Quotes, lists and emphasis nest at most this deeply.
const DEPTH_MAX: usize = 24;

/// Elements that carry text, structure or a picture; nothing that runs, styles or submits.
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
        // `external` has the router leave the link to the browser, which knows every address of the site.
        .link_rel(Some("nofollow ugc noopener external"));
    builder
});

/// What is kept of a text beside the text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The whole text as sanitised HTML.
    pub html: String,
    /// Its beginning as plain text.
    pub excerpt: String,
}

/// Renders `markdown` away from the threads that answer requests: a long text takes milliseconds, a hostile one more.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be rendered.
pub async fn render(markdown: String) -> Result<Rendered, AppError> {
    let task = spawn_blocking(move || Rendered {
        html: to_html(&markdown),
        excerpt: excerpt(&markdown),
    });
    task.await.map_err(|error| {
        tracing::error!(%error, "rendering a text");
        AppError::Internal
    })
}

/// `markdown` as sanitised HTML. Its headings begin at `h2`: the page's own heading is the title.
fn to_html(markdown: &str) -> String {
    let mut depth = 0;
    let events = parser(markdown)
        .filter_map(|event| within_depth(event, &mut depth))
        .map(below_title);
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    push_html(&mut html, events);
    SANITISER.clean(&html).to_string()
}

/// The beginning of `markdown` as plain text, cut between words.
fn excerpt(markdown: &str) -> String {
    let mut text = String::new();
    for (number, event) in parser(markdown).enumerate() {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Item) => text.push(' '),
            Event::End(tag) if !is_inline(tag) => text.push(' '),
            _ => {}
        }
        // A character takes at most four bytes: that is enough text, and a text without any ends as well.
        if number > EXCERPT_EVENTS || text.len() > EXCERPT_MAX * 4 {
            break;
        }
    }
    shortened(text.split_whitespace())
}

/// Whether text goes on in the same line after `tag`.
const fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// Drops what is nested too deeply, and keeps its text: sanitising takes a time that grows with the square of the depth.
fn within_depth<'a>(event: Event<'a>, depth: &mut usize) -> Option<Event<'a>> {
    match &event {
        Event::Start(_) => {
            *depth += 1;
            (*depth <= DEPTH_MAX).then_some(event)
        }
        Event::End(_) => {
            *depth -= 1;
            (*depth < DEPTH_MAX).then_some(event)
        }
        _ => Some(event),
    }
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

fn below_title(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: below(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        other => other,
    }
}

const fn below(level: HeadingLevel) -> HeadingLevel {
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
    fn nothing_that_runs_styles_or_submits_survives() {
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
    fn a_deeply_nested_text_is_flattened_and_kept() {
        for nested in [
            format!("{}deep", ">".repeat(50_000)),
            format!("{}deep", "- ".repeat(5_000)),
        ] {
            let html = to_html(&nested);
            assert!(html.contains("deep"));
            assert!(
                html.matches("<blockquote>").count() + html.matches("<li>").count() <= DEPTH_MAX,
                "{}",
                html.len()
            );
        }
        assert_eq!(
            to_html("> > *a*"),
            "<blockquote>\n<blockquote>\n<p><em>a</em></p>\n</blockquote>\n</blockquote>\n"
        );
    }

    #[test]
    fn links_say_that_the_site_does_not_vouch_for_them() {
        assert!(to_html("[a](https://example.org)").contains("rel=\"nofollow ugc noopener external\""));
    }

    #[test]
    fn an_excerpt_is_plain_text_cut_between_words() {
        assert_eq!(
            excerpt("*one*, [two](/x); `three`.\n\n- a\n  - b"),
            "one, two; three. a b"
        );
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
