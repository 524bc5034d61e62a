//! Tables of contents.

use comrak::{Arena, nodes::NodeValue, parse_document};

use super::{
    headings::{self, Levels},
    html::options,
    plain_text::plain_text,
    sanitiser::ID_PREFIX,
};
use shared::model::post::ContentsEntry;

/// The maximum number of entries.
const MOST: usize = 100;

/// Returns the headings of `markdown` with their ids on the page. A text with fewer than two has no table of contents.
pub(super) fn of(markdown: &str) -> Vec<ContentsEntry> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let mut levels = Levels::default();
    let headings = root.descendants().filter_map(|node| match &node.data().value {
        NodeValue::Heading(heading) => Some((heading.level, plain_text(node))),
        _ => None,
    });
    let entries = headings
        .zip(headings::ids(root))
        .map(|((level, text), heading)| ContentsEntry {
            level: levels.enter(level),
            id: format!("{ID_PREFIX}{}", heading.id),
            text: text.trim().to_owned(),
        });
    let entries: Vec<ContentsEntry> = entries
        .filter(|entry| !entry.text.is_empty())
        .take(MOST)
        .collect();
    if entries.len() < 2 { Vec::new() } else { entries }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Rendered;

    #[test]
    fn every_entry_leads_to_its_heading() {
        let text = "# One\n\n## Two *words*\n\n# One\n\n### `deep`\n\n#\n\n> # quoted";
        let entries = of(text);
        let shown: Vec<(u8, &str)> = entries
            .iter()
            .map(|entry| (entry.level, entry.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (2, "One"),
                (3, "Two words"),
                (2, "One"),
                (3, "deep"),
                (2, "quoted")
            ]
        );
        let html = Rendered::from_markdown(text).html;
        for ContentsEntry { level, id, .. } in &entries {
            assert!(html.contains(&format!("<h{level} id=\"{id}\"")), "{id} in {html}");
        }
    }

    #[test]
    fn a_text_with_few_headings_has_no_table_of_contents() {
        assert_eq!(of(""), []);
        assert_eq!(of("# One\n\ntext"), []);
        assert_eq!(of(&"# A\n\n".repeat(200)).len(), MOST);
    }
}
