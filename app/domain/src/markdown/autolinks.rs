//! URLs in plain text.

use comrak::{
    Node,
    nodes::{NodeLink, NodeValue},
};

/// Punctuation that ends a URL: Chinese and Japanese texts have no space after it.
const ENDS: &[char] = &[
    '\u{3000}', '、', '。', '，', '！', '？', '；', '：', '「', '」', '『', '』', '【', '】', '〈', '〉',
    '《', '》', '“', '”',
];

/// A URL followed by text without a space.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Autolink {
    /// The target of the link.
    pub url: String,
    /// The URL as written in the text.
    pub text: String,
    /// The text after the URL.
    pub rest: String,
}

/// Splits an autolink of the parser that contains punctuation which ends the URL.
pub(super) fn split(link: &NodeLink, node: Node<'_>) -> Option<Autolink> {
    let child = node
        .first_child()
        .filter(|child| child.next_sibling().is_none())?;
    let child = child.data();
    let NodeValue::Text(text) = &child.value else {
        return None;
    };
    let before = link.url.strip_suffix(text.as_ref())?;
    let is_bare = ["", "http://"].contains(&before) && link.title.is_empty();
    let place = node.data().sourcepos;
    // With brackets around it, the author has marked where the URL ends.
    let stands_by_itself = place.end.column + 1 == place.start.column + text.len();
    let (address, rest) = text.split_at_checked(end(text)?)?;
    (is_bare && stands_by_itself && !address.is_empty()).then(|| Autolink {
        url: format!("{before}{address}"),
        text: address.to_owned(),
        rest: rest.to_owned(),
    })
}

/// Returns the position at which the URL at the beginning of `text` ends, if that is not the end of `text`.
fn end(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let (end, _) = text.char_indices().find(|(_, character)| match character {
        '（' => {
            open += 1;
            false
        }
        '）' if open > 0 => {
            open -= 1;
            false
        }
        '）' => true,
        other => ENDS.contains(other),
    })?;
    Some(end)
}

#[cfg(test)]
mod tests {
    use crate::markdown::Rendered;

    fn html(markdown: &str) -> String {
        Rendered::from_markdown(markdown)
            .html
            .replace(" rel=\"nofollow ugc noopener external\"", "")
    }

    #[test]
    fn a_bare_address_is_a_link() {
        let html = html(include_str!("../../tests/markdown/bare-address.md"));
        for link in [
            "<a href=\"https://example.org/file.zip\">https://example.org/file.zip</a> today",
            "<a href=\"http://www.example.org\">www.example.org</a>.",
            "<a href=\"tel:+4912345\">Call us</a>",
        ] {
            assert!(html.contains(link), "{link}: {html}");
        }
    }

    #[test]
    fn an_address_ends_where_a_chinese_or_japanese_sentence_goes_on() {
        for (text, link, rest) in [
            ("见https://example.org/a。谢谢", "https://example.org/a", "。谢谢"),
            ("（https://example.org/a）です", "https://example.org/a", "）です"),
            ("「https://example.org/a」と", "https://example.org/a", "」と"),
            (
                "https://zh.example/李白（诗人）",
                "https://zh.example/李白（诗人）",
                "",
            ),
        ] {
            let html = html(text);
            assert!(html.contains(&format!(">{link}</a>{rest}")), "{html}");
        }
        for given in [
            "<https://example.org/「a」>",
            "[https://example.org/「a」](https://example.org/「a」)",
        ] {
            let html = html(given);
            assert!(html.contains(">https://example.org/「a」</a>"), "{html}");
        }
    }

    #[test]
    fn a_link_that_leads_to_nothing_allowed_is_text() {
        for address in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "data:text/html,a",
            "vbscript:a",
        ] {
            assert_eq!(html(&format!("[a *b*](<{address}>)")), "<p>a <em>b</em></p>\n");
        }
    }
}
