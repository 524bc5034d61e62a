//! Converts HTML of other systems to Markdown. The time is linear in the length of the HTML, because a file may be
//! designed to be expensive to process.

use std::collections::BTreeMap;

use url::Url;

mod builder;
mod document;
mod elements;
mod escape;
mod flow;
mod line;
mod looks;
mod meaning;
mod preformatted;
mod raw;
mod read;
#[cfg(test)]
mod round_trip;
mod space;
mod table;
mod tags;
mod tree;
mod write;

/// The result of a conversion.
#[derive(Debug)]
pub(super) struct Converted {
    /// The text in Markdown.
    pub markdown: String,
    /// Whether elements were omitted because they were nested too deeply. Their text is kept.
    pub is_flattened: bool,
    /// The number of pictures.
    pub pictures: usize,
    /// The losses, and how often each occurred.
    pub losses: BTreeMap<&'static str, usize>,
}

/// The maximum size of the HTML of a text in bytes, without embedded files and comments. It is ten times the maximum
/// size of the Markdown. The data structures that are built while it is read take many times as much memory.
const HTML_MAX: usize = 16 * 1024 * 1024;

/// Converts `html`. Relative addresses are resolved against `base`.
///
/// # Errors
/// Returns an error if the text is too long.
pub(super) fn to_markdown(html: &str, base: Option<&Url>) -> Result<Converted, &'static str> {
    let html = tags::lighten(html);
    if html.html.len() > HTML_MAX {
        return Err("it is far longer than a text can be");
    }
    let tree = tree::parse(&html);
    let mut reader = read::Reader::new(&tree.root, html.html.len(), base);
    for _ in 0..html.left_out {
        reader.lose("attribute of a tag that has too many of them left out");
    }
    let blocks = reader.blocks(&tree.root);
    let pictures = reader.pictures;
    let mut writer = write::MarkdownWriter::new(reader.losses);
    Ok(Converted {
        markdown: writer.write(&blocks),
        is_flattened: tree.is_flattened,
        pictures,
        losses: writer.losses,
    })
}

/// The words of some HTML.
#[derive(Debug)]
pub(super) struct Words {
    /// The words on one line.
    pub text: String,
    /// Whether there were elements around or between them.
    pub had_markup: bool,
}

/// Returns the words of `html`.
pub(super) fn words(html: &str) -> Words {
    let tree = tree::parse(&tags::lighten(html));
    let mut words = String::new();
    let mut had_markup = false;
    let mut rest: Vec<&tree::Node> = tree.root.children.iter().rev().collect();
    while let Some(node) = rest.pop() {
        let element = match node {
            tree::Node::Text(text) => {
                words.push_str(text);
                continue;
            }
            tree::Node::Element(element) => element,
        };
        had_markup = true;
        if ["script", "style"].contains(&element.name.as_str()) {
            continue;
        }
        if element.name == "br" || elements::begins_a_line(&element.name) {
            words.push(' ');
        }
        rest.extend(element.children.iter().rev());
    }
    Words {
        text: words.split_whitespace().collect::<Vec<_>>().join(" "),
        had_markup,
    }
}

/// Returns plain `text` as HTML that is also valid in an attribute.
pub(super) fn escaped(text: &str) -> String {
    raw::escaped(text).replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        to_markdown(html, None).expect("converted").markdown
    }

    #[test]
    fn what_people_write_becomes_the_markdown_for_it() {
        for (html, expected) in [
            ("<p>One <b>two</b></p><p>three</p>", "One **two**\n\nthree"),
            ("<p>a<p>b<h2>c</h2>d", "a\n\nb\n\n## c\n\nd"),
            ("<ul><li>a<li>b<ol><li>c</ol></ul>e", "- a\n- b\n  1. c\n\ne"),
            ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
            ("<a href='/x'>y</a><br>z", "[y](/x)  \nz"),
            (
                "<pre><code class='language-rust'>fn a() {}</code></pre>",
                "```rust\nfn a() {}\n```",
            ),
            (
                "<!doctype html><html><head><title>t</title></head><body><p>a</p></body></html>",
                "t\n\na",
            ),
            ("a<script>b</script><style>c</style>d", "ad"),
            ("1 &lt; 2 &amp; &eacute;", "1 < 2 & é"),
            ("<b>a</i></b></div> c", "**a** c"),
            ("<img src='a.png' alt='b'>", "![b](a.png)"),
            ("a<!-- b <!-- c -->d<!-->e<!--->f<!-- g", "adef"),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn every_cell_of_a_table_is_kept_whichever_it_is() {
        for (html, expected) in [
            (
                "<table><thead><tr><th>a</th><th>b|c</th></tr></thead><tbody><tr><td>d</td><td>e<br>f</td></tr></tbody></table>",
                "| a | b\\|c |\n| --- | --- |\n| d | e<br>f |",
            ),
            (
                "<table><tr><th>a<td>b<tr><th>c<td>d<td>e</table>",
                "|  |  |  |\n| --- | --- | --- |\n| **a** | b |\n| **c** | d | e |",
            ),
            (
                "<table><tr><td>a</td><td>b</td></tr></table>",
                "|  |  |\n| --- | --- |\n| a | b |",
            ),
            (
                "<table>a<caption>b</caption><tr>c<th>d</th></tr></table>",
                "<table>\n<caption>b</caption>\n<tbody>\n<tr><td>a</td></tr>\n<tr><td>c</td><th>d</th></tr>\n</tbody>\n</table>",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn words_that_look_like_markdown_stay_words() {
        for (html, expected) in [
            (
                "<p>---</p><p>1) a</p><p># b</p><p>+ c</p>",
                "\\---\n\n1\\) a\n\n\\# b\n\n\\+ c",
            ),
            (
                "<p>a * b, c*d, e_f, _g_ [h] ~i~ `j`</p>",
                "a * b, c\\*d, e_f, \\_g\\_ \\[h] \\~i\\~ \\`j\\`",
            ),
            (
                "<p>&amp;lt;b&amp;gt; &amp;copy; &lt;b&gt; R&amp;D 1 &lt; 2 &gt; 0</p>",
                "\\&lt;b\\&gt; \\&copy; \\<b> R&D 1 < 2 > 0",
            ),
            (
                "<p>a<br>- b<br>=== c<br>| d |</p>",
                "a  \n\\- b  \n\\=== c  \n\\| d |",
            ),
            (
                "<p>&gt; a \\ -5 #tag 1.5 1986. </p>",
                "\\> a \\\\ -5 #tag 1.5 1986.",
            ),
            ("<p>1986. A good year</p>", "1986\\. A good year"),
            ("<h2># a #</h2>", "## # a \\#"),
            ("<p>wow!<a href=/x>y</a></p>", "wow\\![y](/x)"),
            (
                "<p>http://a.example/b_c*d and http://a.example/e</p>",
                "<http://a.example/b_c*d> and http://a.example/e",
            ),
            (
                "<p>(https://a.example/~b), www.a.example/~b</p>",
                "(<https://a.example/~b>), [www.a.example/\\~b](http://www.a.example/~b)",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn what_stands_out_does_so_whatever_is_beside_it() {
        for (html, expected) in [
            ("a<b>b</b>c", "a**b**c"),
            ("<b>a</b><i>b</i>", "**a**_b_"),
            ("<b><i>a</i></b>", "**_a_**"),
            ("<b>a <i>b</i></b>", "**a _b_**"),
            ("<b> a </b>b", "**a** b"),
            ("<b>a<br></b>b", "**a**  \nb"),
            (
                "これは<strong>「重要」</strong>です",
                "これは<strong>「重要」</strong>です",
            ),
            ("a<b>(b)</b>c", "a<strong>(b)</strong>c"),
            ("<del>a</del> <s>b</s>", "~~a~~ ~~b~~"),
            (
                "H<sub>2</sub>O <kbd>a</kbd><kbd>b</kbd>",
                "H<sub>2</sub>O <kbd>a</kbd><kbd>b</kbd>",
            ),
            ("<sub>a<b>b</b>c</sub>", "<sub>a**b**c</sub>"),
            (
                "<code>a`b</code> <code>a<b>b</b></code>",
                "``a`b`` <code>a**b**</code>",
            ),
            ("<b></b><i> </i>a<a href=x></a>", "a"),
            (
                "<a href='x y(z)' title='t\"u'>a]b</a>",
                "[a\\]b](x%20y\\(z\\) \"t\\\"u\")",
            ),
            ("<a href=/x><h2>a</h2><p>b</p></a>", "## [a](/x)\n\n[b](/x)"),
            ("<span style='text-decoration: underline'>a</span>", "<u>a</u>"),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn blocks_stay_apart_and_within_each_other() {
        for (html, expected) in [
            (
                "<ol><li>a</ol><ol><li>b</ol><ol><li>c</ol>",
                "1. a\n\n1) b\n\n1. c",
            ),
            ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
            (
                "<ol start=3><li>a<li><p>b</p><p>c</p></ol>",
                "3. a\n\n4. b\n\n   c",
            ),
            ("<ul><li>a<ol start=3><li>b</ol></ul>", "- a\n\n  3. b"),
            ("<ul><li>a</li><ul><li>b</ul><li></ul>", "- a\n  - b\n- &nbsp;"),
            ("<ul><li><hr></ul><hr>", "- ___\n\n---"),
            ("<pre>a   b\n  c  d\n</pre>", "```\na   b\n  c  d\n```"),
            ("<pre class='brush: php'>```</pre>", "````php\n```\n````"),
            (
                "<pre>a\n\n<b>b</b></pre>",
                "<pre><code>a&#10;\n<strong>b</strong></code></pre>",
            ),
            ("a<br><br>b", "a\n\nb"),
            ("<dl><dt>a<dd>b</dl>", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
            (
                "<figure><img src=/a><figcaption>b</figcaption></figure><figure><img src=/c></figure>",
                "<figure>\n<img src=\"/a\">\n<figcaption>b</figcaption>\n</figure>\n\n![](/c)",
            ),
            (
                "<details><summary>a</summary><p>b</p><ul><li>c</ul></details>",
                "<details>\n<summary>a</summary>\n\nb\n\n- c\n\n</details>",
            ),
            (
                "<table><tr><td>a<ul><li>b</ul><td rowspan=2>c</table>",
                "<table>\n<tbody>\n<tr><td>a<ul><li>b</li></ul></td><td rowspan=\"2\">c</td></tr>\n</tbody>\n</table>",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_a_link_or_is_counted() {
        for (html, expected, losses) in [
            (
                "<iframe src='//a.example/b'></iframe>",
                "<https://a.example/b>",
                1,
            ),
            (
                "<video controls><source src=/v.mp4>no</video>",
                "<https://old.example/v.mp4>",
                1,
            ),
            (
                "<object data='/a.pdf' title='A paper'></object>",
                "[A paper](https://old.example/a.pdf)",
                1,
            ),
            ("a<script>b</script><svg><text>c</text></svg>", "ac", 2),
            ("<a href='javascript:a()'>b</a>", "b", 1),
            ("<img src='data:image/png;base64,aaaa' alt='b'>", "b", 1),
            ("<p style='color: red'>a</p>", "a", 1),
            (
                "<p dir=rtl>a</p><p dir=ltr>b</p><p dir=rtl>א</p>",
                "a\n\nb\n\nא",
                1,
            ),
            (
                "<bdo dir=rtl>a</bdo>b<wbr>c",
                "<bdo dir=\"rtl\">a</bdo>b<wbr>c",
                0,
            ),
            ("<map><area href=/x></map><progress>a</progress>", "a", 2),
            (
                "<a href=/x><video src=/v.mp4></video></a>",
                "[https://old.example/v.mp4](https://old.example/x)",
                2,
            ),
            ("<button>a</button><button>b</button>c", "a b c", 0),
            (
                "<img src=p.png><a href='#b'>c</a><p id=b>d</p>",
                "![](https://old.example/2012/p.png)[c](#b)\n\n<a id=\"b\"></a>d",
                0,
            ),
        ] {
            let base = Url::parse("https://old.example/2012/post").expect("an address");
            let converted = to_markdown(html, Some(&base)).expect("converted");
            assert_eq!(converted.markdown, expected, "{html}");
            assert_eq!(
                converted.losses.values().sum::<usize>(),
                losses,
                "{html} {:?}",
                converted.losses
            );
        }
    }

    #[test]
    fn so_much_html_as_the_renderer_shows_is_written_and_words_otherwise() {
        let keys = "<kbd>a</kbd> ".repeat(5_000);
        let converted = to_markdown(&keys, None).expect("converted");
        assert!(converted.markdown.matches('<').count() < 2_000);
        assert_eq!(converted.markdown.matches('a').count(), 5_000);
        assert!(!converted.losses.is_empty());
    }

    #[test]
    fn a_link_around_many_blocks_is_not_written_without_end() {
        let html = format!(
            "<a href='/{}'>{}</a>",
            "x".repeat(10_000),
            "<p>a</p>".repeat(10_000)
        );
        assert!(markdown(&html).len() < 8 * html.len());
    }

    #[test]
    fn a_table_is_no_longer_than_its_cells() {
        let cell = "x".repeat(10_000);
        let rows = "<tr><td>a</td></tr>".repeat(1_000);
        let table = format!("<table><tr><th>{cell}</th></tr>{rows}</table>");
        assert!(markdown(&table).len() < 2 * table.len());
    }

    #[test]
    fn comments_and_files_within_addresses_are_left_out() {
        assert_eq!(markdown(&format!("a<!-- {} -->b", "word ".repeat(50_000))), "ab");
        let html = format!("<img src='data:image/png;base64,{}'>", "aA9+/=".repeat(100_000));
        assert!(markdown(&html).len() < 100);
    }

    #[test]
    fn what_looks_like_a_comment_or_a_file_elsewhere_is_kept() {
        let html = "<p><img src=a.png alt='see <!-- tag'> The <b>rest</b></p>";
        assert_eq!(markdown(html), "![see \\<!-- tag](a.png) The **rest**");
        let html = "<pre>url(data:image/png;base64,iVBORw0KGgo=)</pre><p>;base64,is the mark</p>";
        let kept = markdown(html);
        assert!(
            kept.contains("base64,iVBORw0KGgo=") && kept.contains(";base64,is the mark"),
            "{kept}"
        );
    }
}
