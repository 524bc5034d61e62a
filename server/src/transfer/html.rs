//! HTML of other systems as Markdown, in a time that grows with its length alone: files may be made to be hard on the program.

use htmd::{Element, HtmlToMarkdown, element_handler::Handlers};

/// The tree, while it is being built.
mod builder;
/// Which elements there are.
mod elements;
/// Tables.
mod table;
/// The elements of a text.
mod tree;

/// Elements whose content is nothing to read.
const NO_TEXT: [&str; 4] = ["script", "style", "noscript", "template"];

/// A text that was HTML.
#[derive(Debug)]
pub(super) struct Converted {
    /// The same in Markdown.
    pub markdown: String,
    /// Whether elements were left out because they were nested too deeply. Their text is kept.
    pub is_flattened: bool,
}

/// Converts `html`.
///
/// # Errors
/// Why it cannot be converted.
pub(super) fn to_markdown(html: &str) -> Result<Converted, &'static str> {
    let tree = tree::parse(&without_data(&without_comments(html)))?;
    let converter = HtmlToMarkdown::builder()
        .skip_tags(NO_TEXT.to_vec())
        .add_handler(vec!["table"], |handlers: &dyn Handlers, table: Element| {
            Some(table::write(handlers, table))
        })
        .build();
    Ok(Converted {
        markdown: converter.tree_to_markdown(&tree.document),
        is_flattened: tree.is_flattened,
    })
}

/// `html` without comments, which other systems fill with as much as they like.
fn without_comments(html: &str) -> String {
    let (mut kept, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before);
        let empty = comment.strip_prefix('>').or(comment.strip_prefix("->"));
        let after = empty.or_else(|| comment.split_once("-->").map(|(_, after)| after));
        let Some(after) = after else {
            // Without an end, all the rest is one.
            return kept;
        };
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// `html` without the files that are written into addresses: no page shows them, and one may be longer than a text.
fn without_data(html: &str) -> String {
    const MARK: &str = ";base64,";
    let mut parts = html.split(MARK);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(MARK);
        kept.push_str(
            part.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || "+/=".contains(char)),
        );
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        to_markdown(html).expect("converted").markdown
    }

    #[test]
    fn what_people_write_becomes_the_markdown_for_it() {
        for (html, expected) in [
            ("<p>One <b>two</b></p><p>three</p>", "One **two**\n\nthree"),
            ("<p>a<p>b<h2>c</h2>d", "a\n\nb\n\n## c\n\nd"),
            (
                "<ul><li>a<li>b<ol><li>c</ol></ul>e",
                "*   a\n*   b\n    1.  c\n\ne",
            ),
            ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n> \n> b"),
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
                "| a | b\\|c |\n| --- | --- |\n| d | e f |",
            ),
            (
                "<table><tr><th>a<td>b<tr><th>c<td>d<td>e</table>",
                "| a | b |  |\n| --- | --- | --- |\n| c | d | e |",
            ),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb"),
            (
                "<table>a<caption>b</caption><tr>c<th>d</th></tr></table>",
                "b\n\n| a |  |\n| --- | --- |\n| c | d |",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
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
}
