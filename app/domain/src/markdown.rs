//! Rendering of Markdown.
//!
//! Markdown may contain any HTML, so the output of the parser is not trusted: `sanitiser` keeps an allow-list of
//! elements and attributes and drops the rest. No user text reaches a page except through it or through the escaping
//! of the views. The result is stored with the post, so that reading a post parses nothing.

use tokio::{sync::Semaphore, task::spawn_blocking};

use shared::{
    error::AppError,
    forms::post::CONTENT_MAX,
    model::post::{self, ContentsEntry},
};

pub use elements::all as elements;
pub use excerpt::from_html as excerpt_of;
pub use feed_html::{FEED_HTML_MAX, feed_html};
pub use outward_links::{linked_hosts, links_as_text};
pub use raw::{FORMATTING_MAX, OPEN_MAX, TAGS_MAX};
pub use tokens::plain_text_of;

/// URLs in plain text.
mod autolinks;
/// Tables of contents.
mod contents;
/// The direction of each part of a text.
mod directions;
/// The allowed HTML elements and their traits.
mod elements;
/// Excerpts in plain text.
mod excerpt;
/// HTML for feeds.
mod feed_html;
/// The ids of headings.
mod headings;
/// Syntax highlighting.
mod highlight;
/// Conversion of the parsed document to HTML.
mod html;
/// Links from texts to other sites.
mod outward_links;
/// The plain text of a node.
mod plain_text;
/// Raw HTML within Markdown.
mod raw;
/// The allow-list of HTML in posts.
mod sanitiser;
/// Slugs.
pub mod slug;
/// The examples of the `CommonMark` and GFM specifications.
#[cfg(test)]
mod specification;
/// A tokenizer for sanitised HTML.
mod tokens;

/// The version of the renderer. Must be increased whenever the same text gives other HTML, so that posts and comments are
/// rendered again.
pub const RENDERER: i32 = 7;

/// The maximum number of bytes of HTML per character of the source.
const BYTES_PER_CHARACTER: usize = 4;
/// The number of bytes of HTML that are allowed in addition.
const ALLOWANCE: usize = 64 * 1024;

/// Limits the number of texts that are rendered concurrently.
static ROOM: Semaphore = Semaphore::const_new(4);

/// The output of rendering a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The whole text as sanitised HTML.
    pub html: String,
    /// The excerpt as plain text.
    pub excerpt: String,
    /// The number of words.
    pub words: i32,
}

impl Rendered {
    /// Renders `markdown` on this thread.
    #[must_use]
    pub fn from_markdown(markdown: &str) -> Self {
        let clean = sanitiser::clean(&html::render(markdown));
        Self {
            excerpt: excerpt::from_html(&clean),
            html: directions::mark(&clean).into_owned(),
            words: i32::try_from(post::words(markdown)).unwrap_or(i32::MAX),
        }
    }

    /// Returns whether the HTML is not much longer than the `markdown` that it was made from. It is sent to every
    /// reader, and a few bytes of Markdown can become hundreds of bytes of HTML.
    #[must_use]
    pub fn is_in_proportion_to(&self, markdown: &str) -> bool {
        let characters = markdown.chars().count();
        let most = if characters <= CONTENT_MAX {
            characters * BYTES_PER_CHARACTER
        } else {
            // Imported texts may be longer than the limit for new ones.
            (CONTENT_MAX * BYTES_PER_CHARACTER).max(markdown.len() / 2 * 3)
        };
        self.html.len() <= most + ALLOWANCE
    }

    /// Returns whether nothing would be visible.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.html.trim().is_empty()
    }
}

/// Renders `markdown` outside the threads that answer requests: a long text takes milliseconds, a malicious one more.
///
/// # Errors
///
/// Returns [`AppError::Internal`] if rendering fails.
pub async fn render(markdown: String) -> Result<Rendered, AppError> {
    work(move || Rendered::from_markdown(&markdown)).await
}

/// Renders a comment as sanitised HTML outside the threads that answer requests. Returns `None` if it consists of too many
/// parts.
///
/// # Errors
///
/// Returns [`AppError::Internal`] if rendering fails.
pub async fn render_comment(markdown: String) -> Result<Option<String>, AppError> {
    work(move || comment_html(&markdown)).await
}

/// Renders a comment as sanitised HTML on this thread. Returns `None` if it consists of too many parts.
#[must_use]
pub fn comment_html(markdown: &str) -> Option<String> {
    let clean = sanitiser::clean_comment(&html::render_comment(markdown)?);
    Some(directions::mark(&clean).into_owned())
}

/// Returns the table of contents of `markdown`, made outside the threads that answer requests.
///
/// # Errors
///
/// Returns [`AppError::Internal`] if that fails.
pub async fn contents(markdown: String) -> Result<Vec<ContentsEntry>, AppError> {
    work(move || contents::of(&markdown)).await
}

/// Runs `work` outside the threads that answer requests, a few at a time.
///
/// # Errors
///
/// Returns [`AppError::Internal`] if `work` panics.
pub async fn work<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "rendering a text");
        AppError::Internal
    };
    let permit = ROOM.acquire().await.map_err(|error| failed(&error))?;
    let task = spawn_blocking(move || {
        // The work continues even if the request is cancelled, so it keeps the permit.
        let _permit = permit;
        work()
    });
    task.await.map_err(|error| failed(&error))
}

/// The maximum nesting depth of elements.
const DEPTH_MAX: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        Rendered::from_markdown(markdown).html
    }

    #[test]
    fn no_level_of_headings_is_left_out() {
        let levels = |markdown: &str| {
            let html = html(markdown);
            let opened = html.split("<h").skip(1).filter_map(|rest| rest.chars().next());
            opened.filter(char::is_ascii_digit).collect::<String>()
        };
        assert_eq!(levels("# a\n\n## b\n\n# c\n\n### d\n\n## e"), "23233");
        assert_eq!(levels("## a\n\n### b\n\n## c"), "232");
        assert_eq!(levels("### a\n\n# b\n\n###### c"), "223");
    }

    #[test]
    fn markdown_becomes_html_below_the_pages_own_heading() {
        assert_eq!(
            html("# One\n\nA *b* `c`"),
            "<h2 id=\"in-one\">One<a class=\"anchor\" href=\"#in-one\" aria-label=\"Link to this part\" rel=\"nofollow ugc noopener external\"></a></h2>\n<p>A <em>b</em> <code>c</code></p>\n"
        );
    }

    #[test]
    fn the_title_of_an_image_on_its_own_is_its_caption() {
        assert_eq!(
            html("![A lake](/a.jpg \"Seen *today* & <b>\")"),
            "<figure>\n<img src=\"/a.jpg\" alt=\"A lake\" loading=\"lazy\"><figcaption>Seen *today* &amp; &lt;b&gt;</figcaption></figure>\n"
        );
        for inline in [
            "![a](/a.jpg \"t\") and text",
            "![a](/a.jpg)",
            "- ![a](/a.jpg \"t\")",
            "[![a](/a.jpg \"t\")](/b)",
        ] {
            assert!(!html(inline).contains("<figcaption"), "{inline}");
        }
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
            let html = Rendered::from_markdown(hostile).html;
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
            assert_eq!(sanitiser::clean(&html), html, "sanitising twice changes nothing");
        }
    }

    #[test]
    fn a_deeply_nested_text_is_flattened_and_kept() {
        for nested in [
            format!("{}deep", ">".repeat(50_000)),
            format!("{}deep", "- ".repeat(5_000)),
        ] {
            let html = Rendered::from_markdown(&nested).html;
            assert!(html.contains("deep"));
            assert!(
                html.matches("<blockquote>").count() + html.matches("<li>").count() <= DEPTH_MAX,
                "{}",
                html.len()
            );
        }
        assert_eq!(
            html("> > *a*"),
            "<blockquote>\n<blockquote>\n<p><em>a</em></p>\n</blockquote>\n</blockquote>\n"
        );
    }

    #[test]
    fn links_say_that_the_site_does_not_vouch_for_them() {
        assert!(html("[a](https://example.org)").contains("rel=\"nofollow ugc noopener external\""));
    }

    #[test]
    fn only_the_first_headings_of_many_can_be_linked_to() {
        let source = "# a\n".repeat(24_990);
        let rendered = Rendered::from_markdown(&source);
        assert_eq!(rendered.html.matches("<h2").count(), 24_990);
        assert_eq!(rendered.html.matches("<h2 id=").count(), 500);
        assert_eq!(rendered.html.matches("class=\"anchor\"").count(), 500);
        assert!(rendered.is_in_proportion_to(&source), "{}", rendered.html.len());
    }

    #[test]
    fn html_that_is_far_longer_than_its_text_is_out_of_proportion() {
        let in_proportion = |source: &str| Rendered::from_markdown(source).is_in_proportion_to(source);
        for ordinary in [
            String::new(),
            "**a** [b](/c) `d`\n\n".repeat(500),
            "Words and [a link](https://example.org/path) in a line.\n".repeat(2_000),
            "字".repeat(100_000),
            "🙂".repeat(100_000),
            "这是一段很长的文字。\n\n".repeat(30_000),
            "An *ordinary* sentence of a long book.\n\n".repeat(20_000),
            "| 100.0 | some words | 200 |\n|--|--|--|\n".to_owned()
                + &"| 300.5 | other words | 400 |\n".repeat(2_000),
        ] {
            assert!(in_proportion(&ordinary), "{ordinary:.40}");
        }
        for hostile in [
            "[a](/b) ".repeat(12_500),
            "a|b\n-|-\n".to_owned() + &"1|2\n".repeat(24_990),
        ] {
            assert!(!in_proportion(&hostile), "{hostile:.40}");
        }
    }

    #[test]
    fn a_text_names_nothing_as_the_page_does() {
        assert_eq!(html("<h2 id=main>a</h2>"), "<h2 id=\"in-main\">a</h2>");
    }

    #[test]
    fn a_program_is_coloured_by_class() {
        let html = Rendered::from_markdown("```rust\nlet x = 1;\n```\n\n    <plain>").html;
        assert!(
            html.contains("<pre><code><span class=\"code-keyword\">let</span> x"),
            "{html}"
        );
        assert!(html.contains("<pre><code>&lt;plain&gt;\n</code></pre>"), "{html}");
        assert!(!html.contains("style"), "{html}");
    }

    #[test]
    fn notes_stand_at_the_end_in_the_order_of_the_text() {
        let html =
            Rendered::from_markdown("Two[^b] one[^a] two[^b] none[^c].\n\n[^a]: First\n[^b]: Second[^a]\n")
                .html;
        assert!(html.contains("none[^c]."), "{html}");
        let (text, notes) = html.split_once("<section class=\"footnotes\">").expect("notes");
        assert_eq!(text.matches("href=\"#in-note-1\"").count(), 2);
        assert_eq!(text.matches("id=\"in-reference-1\"").count(), 1);
        let (second, first) = (notes.find("Second").expect("b"), notes.find("First").expect("a"));
        assert!(
            second < first && notes.contains("<li id=\"in-note-2\">"),
            "{html}"
        );
    }

    #[test]
    fn tasks_and_tables_are_text_and_structure() {
        assert!(html("- [x] done\n- [ ] open").contains("<span class=\"task\">☑</span> done"));
        let table = html("a|b\n:-:|-:\n1|2");
        assert!(
            table.contains("<th class=\"center\">a</th>") && table.contains("<td class=\"right\">2</td>"),
            "{table}"
        );
    }

    #[test]
    fn the_size_of_a_picture_that_is_kept_here_is_known_before_it_is_there() {
        let image = html("![a \"b\"](/media/image/0a-1b-1200-800.jpg)");
        for part in [
            "width=\"1200\"",
            "height=\"800\"",
            "loading=\"lazy\"",
            "alt=\"a &quot;b&quot;\"",
        ] {
            assert!(image.contains(part), "{image}");
        }
        assert!(!html("![a](https://example.org/0a-1b-1200-800.jpg)").contains("width"));
        // The alternative text of an image that is not shown is kept.
        assert_eq!(html("![a *b*](data:image/png;base64,x)"), "<p>a b</p>\n");
    }

    #[test]
    fn only_the_widths_of_an_image_of_this_site_are_kept() {
        let image = "/media/image/0a-1b-1200-800.jpg";
        let own = html(&format!("![a]({image})"));
        let widths = "srcset=\"/media/scaled/640-0a-1b-1200-800.jpg 640w, \
                      /media/scaled/960-0a-1b-1200-800.jpg 960w, /media/image/0a-1b-1200-800.jpg 1200w\"";
        assert!(own.contains(widths) && own.contains("sizes=\"("), "{own}");
        assert!(html(&own).contains(widths), "{own}");
        for foreign in [
            "https://b.example/a.jpg 640w",
            "javascript:alert(1) 1w",
            "",
            " ",
            image,
        ] {
            let raw = html(&format!(
                "<img src=\"{image}\" srcset=\"{foreign}\" sizes=\"100vw\">"
            ));
            assert!(!raw.contains("srcset") && !raw.contains("sizes"), "{raw}");
        }
        assert!(!html("![a](/media/image/0a-1b-600-800.jpg)").contains("srcset"));
    }

    // AVL-10
    #[test]
    fn what_a_hostile_text_costs_grows_with_its_length() {
        let bombs: [fn(usize) -> String; _] = [
            |size| {
                (0..size / 10).fold(String::new(), |text, tag| text + "<b a" + &tag.to_string() + ">")
                    + &"a\n\n".repeat(size)
            },
            |size| "<table>\n\n".to_owned() + &"a\n\n".repeat(size),
            |size| "# \n".repeat(size),
            |size| ">".repeat(size),
            |size| "[".repeat(size) + &"](a)".repeat(size),
            |size| "a|b\n-|-\n".to_owned() + &"1|2\n".repeat(size),
            |size| "[a](/b) ".repeat(size),
            |size| "<b>".repeat(size),
            |size| "```rust\n".to_owned() + &"\"((((".repeat(size),
            |size| "<details>\n\na\n\n".repeat(size / 5),
            |size| "<div>\n\n</div>\n\n".repeat(size / 5),
            |size| "א *a* 1\n\n".repeat(size / 2),
            |size| "www.a.b。".repeat(size / 2),
        ];
        for (number, bomb) in bombs.into_iter().enumerate() {
            let time = |size: usize| {
                let text = bomb(size);
                let begun = std::time::Instant::now();
                let rendered = Rendered::from_markdown(&text).html;
                assert!(rendered.len() < size * 200, "{number}: {}", rendered.len());
                begun.elapsed().as_secs_f64()
            };
            // Other load may disturb single measurements, but hardly all of them.
            let ratio = (0..5)
                .map(|_| time(20_000) / time(5_000))
                .fold(f64::MAX, f64::min);
            // Four times the length would take 16 times as long with quadratic cost.
            assert!(ratio < 9.0, "bomb {number}: {ratio}");
        }
    }

    #[test]
    fn formatting_ends_with_its_block_and_what_is_none_is_shown() {
        assert_eq!(html("a <b>c\n\nd"), "<p>a <b>c</b></p>\n<p>d</p>\n");
        assert_eq!(
            html("a <kbd>c</kbd> </kbd>"),
            "<p>a <kbd>c</kbd> &lt;/kbd&gt;</p>\n"
        );
        assert_eq!(html("<b>a\n\nb"), "<p><b>a</b></p>\n<p>b</p>\n");
        assert_eq!(
            html("A Vec<T> of <i>them</i>"),
            "<p>A Vec&lt;T&gt; of <i>them</i></p>\n"
        );
        assert_eq!(html("a <!-- b --> c"), "<p>a  c</p>\n");
    }

    #[test]
    fn a_link_leads_to_a_heading_of_the_same_text() {
        let html = Rendered::from_markdown("# To here\n\n[there](#to-here)").html;
        assert!(
            html.contains("id=\"in-to-here\"") && html.contains("href=\"#in-to-here\""),
            "{html}"
        );
    }

    #[test]
    fn emphasis_beside_the_marks_of_chinese_japanese_and_korean_is_emphasis() {
        let html = html(include_str!("../tests/markdown/cjk-emphasis.md"));
        for part in [
            "<strong>「大事な話」</strong>です",
            "<strong>别忘了带伞。</strong>天",
            "<strong>표(表)</strong>를",
            "<del>删掉（这句）。</del>好",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    fn comment(markdown: &str) -> String {
        comment_html(markdown).expect("not too many parts")
    }

    #[test]
    fn a_comment_has_the_formatting_of_a_conversation() {
        for (markdown, expected) in [
            (
                "*a* **b** ~~c~~ `d`",
                "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n",
            ),
            (
                "> a\n\n- b\n\n2. c",
                "<blockquote>\n<p>a</p>\n</blockquote>\n<ul>\n<li>b</li>\n</ul>\n<ol start=\"2\">\n<li>c</li>\n</ol>\n",
            ),
            (
                "```rust\nlet a = \"<b>\";\n```",
                "<pre><code>let a = \"&lt;b&gt;\";\n</code></pre>\n",
            ),
            (
                "[a](https://a.example \"b\")",
                "<p><a href=\"https://a.example\" title=\"b\" rel=\"ugc nofollow noopener external\">a</a></p>\n",
            ),
        ] {
            assert_eq!(comment(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn what_a_comment_cannot_contain_is_shown_as_text() {
        for (markdown, expected) in [
            ("# A *b*", "<p>A <em>b</em></p>\n"),
            ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"),
            (
                "<script>alert(1)</script>",
                "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
            ),
            ("![](javascript:alert(1))", "<p></p>\n"),
            (
                "[![alt](https://b.example/c.png)](https://a.example)",
                "<p><a href=\"https://a.example\" rel=\"ugc nofollow noopener external\">alt</a></p>\n",
            ),
            ("- [x] a", "<ul>\n<li>[x] a</li>\n</ul>\n"),
            ("a|b\n-|-\n1|2", "<p>a|b\n-|-\n1|2</p>\n"),
            ("a[^1]\n\n[^1]: b c", "<p>a[^1]</p>\n<p>[^1]: b c</p>\n"),
            ("a\n\n---\n\nb", "<p>a</p>\n<p>b</p>\n"),
        ] {
            assert_eq!(comment(markdown), expected, "{markdown}");
        }
        let image = comment("![A lake](https://a.example/a.jpg \"Seen\")");
        assert!(
            image.starts_with("<p><a href=\"https://a.example/a.jpg\"") && image.contains(">A lake</a>"),
            "{image}"
        );
    }

    #[test]
    fn nothing_hostile_survives_in_a_comment() {
        for hostile in [
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](data:text/html,x)",
            "<a href=\"java\tscript:alert(1)\">a</a>",
            "<svg onload=alert(1)>",
            "<p id=main style=position:fixed>x</p>",
            "![a](x\" onerror=\"alert(1))",
        ] {
            let html = comment(hostile);
            let tags: Vec<&str> = html
                .split('<')
                .skip(1)
                .filter_map(|part| part.split('>').next())
                .collect();
            for tag in &tags {
                let is_plain = matches!(*tag, "p" | "/p" | "/a") || tag.starts_with("a href=\"");
                assert!(
                    is_plain && !tag.contains("onerror=") && !tag.contains("javascript"),
                    "{hostile:?} gave {html:?}"
                );
            }
        }
    }

    #[test]
    fn a_comment_has_a_maximum_number_of_parts_and_of_levels() {
        assert_eq!(comment_html(&"*a* ".repeat(2_000)), None);
        assert!(comment_html(&"a\n\n".repeat(900)).is_some());
        assert_eq!(comment_html(&format!("{}deep", ">".repeat(10_000 - 4))), None);
        let nested = comment(&format!("{}deep", ">".repeat(1_000)));
        assert!(nested.contains("deep") && nested.matches("<blockquote>").count() <= DEPTH_MAX);
    }

    #[test]
    fn a_text_in_two_scripts_is_written_in_two_directions() {
        let html = html(include_str!("../tests/markdown/two-directions.md"));
        assert_eq!(html.matches("dir=\"rtl\"").count(), 3, "{html}");
        for part in [
            "<p>English first.",
            "<p dir=\"rtl\">هذه",
            "<ul dir=\"rtl\">\n<li>",
            "<blockquote dir=\"rtl\">\n<p>",
            "<p>English last.",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
