//! Addresses that stand in a text as they are.

use comrak::{
    Node,
    nodes::{NodeLink, NodeValue},
};

/// Marks that end an address: Chinese and Japanese texts have no space behind it.
const ENDS: [char; 20] = [
    '\u{3000}', '、', '。', '，', '！', '？', '；', '：', '「', '」', '『', '』', '【', '】', '〈', '〉',
    '《', '》', '“', '”',
];

/// An address in a sentence that goes on right behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Autolink {
    /// Where the link leads.
    pub url: String,
    /// The address as it stands in the text.
    pub text: String,
    /// The rest of the sentence.
    pub rest: String,
}

/// Splits what the parser has taken for an address, if the sentence that it stands in begins again within it.
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
    // Where there are brackets around it, the author has told where it ends.
    let stands_by_itself = place.end.column + 1 == place.start.column + text.len();
    let (address, rest) = text.split_at_checked(end(text)?)?;
    (is_bare && stands_by_itself && !address.is_empty()).then(|| Autolink {
        url: format!("{before}{address}"),
        text: address.to_owned(),
        rest: rest.to_owned(),
    })
}

/// Returns where the address that `text` begins with ends, if that is not the end of `text`.
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
    use crate::posts::markdown::Rendered;

    fn html(markdown: &str) -> String {
        Rendered::of(markdown)
            .html
            .replace(" rel=\"nofollow ugc noopener external\"", "")
    }

    #[test]
    fn a_bare_address_is_a_link() {
        let html = html(include_str!("../../../tests/markdown/bare-address.md"));
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
