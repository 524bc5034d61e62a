//! Converts Markdown to HTML in the same way as Ghost, so that all texts are processed as HTML.

use comrak::{Options, markdown_to_html};

/// Returns `markdown` as HTML. Every line break is kept, and so is embedded HTML.
pub(super) fn to_html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.highlight = true;
    options.render.hardbreaks = true;
    options.render.r#unsafe = true;
    markdown_to_html(markdown, &options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_read_as_ghost_reads_it() {
        for (markdown, expected) in [
            ("**a**\nb", "<p><strong>a</strong><br />\nb</p>\n"),
            ("a <b>c</b> ==d==", "<p>a <b>c</b> <mark>d</mark></p>\n"),
            (
                "https://a.example/",
                "<p><a href=\"https://a.example/\">https://a.example/</a></p>\n",
            ),
        ] {
            assert_eq!(to_html(markdown), expected);
        }
    }
}
