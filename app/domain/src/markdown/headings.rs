//! Headings: their ids, which are link targets, and their levels on the page.

use std::collections::{HashMap, HashSet};

use comrak::{Anchorizer, Node, nodes::NodeValue};

use super::plain_text::plain_text;
use super::slug;

/// The maximum number of headings with an id. The markup for an id is many times as long as a short heading.
const LINKED_MAX: usize = 500;
/// The maximum number of characters of a heading in its id.
const LENGTH_MAX: usize = 200;

/// The id of a heading, without the prefix of all ids in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeadingId {
    /// The id as GitHub generates it, which authors use in tables of contents.
    pub id: String,
    /// The id of earlier versions of this program, if it differs, so that links to it keep working.
    pub former: Option<String>,
}

/// Returns the ids of the first [`LINKED_MAX`] headings in `root`, in order.
pub(super) fn ids(root: Node<'_>) -> Vec<HeadingId> {
    let headings = root
        .descendants()
        .filter(|node| matches!(node.data().value, NodeValue::Heading(_)));
    let texts: Vec<String> = headings.take(LINKED_MAX).map(plain_text).collect();
    let mut anchorizer = Anchorizer::new();
    let ids: Vec<String> = texts
        .iter()
        .map(|text| {
            let has_letters = text.contains(|character: char| character.is_alphanumeric());
            let name = if has_letters { text } else { "part" };
            let short: String = name.trim().chars().take(LENGTH_MAX).collect();
            anchorizer.anchorize(&short)
        })
        .collect();
    let mut taken: HashSet<String> = ids.iter().cloned().collect();
    let mut former = FormerIds::default();
    texts
        .iter()
        .zip(ids)
        .map(|(text, id)| {
            let former = former.id(text);
            HeadingId {
                former: taken.insert(former.clone()).then_some(former),
                id,
            }
        })
        .collect()
}

/// The levels of the headings around the present one, as their author has written them.
#[derive(Debug, Default)]
pub(super) struct Levels(Vec<u8>);

impl Levels {
    /// Enters a heading that its author has written with this `level`, and returns its level on the page: one below its
    /// parent heading, whatever level its author starts with, so that no level is skipped. Level 1 is the title of the
    /// page.
    pub(super) fn enter(&mut self, level: u8) -> u8 {
        while self.0.last().is_some_and(|open| *open >= level) {
            self.0.pop();
        }
        self.0.push(level);
        self.current()
    }

    /// Returns the level of the present heading on the page.
    pub(super) fn current(&self) -> u8 {
        u8::try_from(self.0.len() + 1).map_or(6, |level| level.min(6))
    }
}

/// The ids of earlier versions: slugs, with duplicates numbered from 2.
#[derive(Default)]
struct FormerIds {
    ids: HashSet<String>,
    names: HashMap<String, usize>,
}

impl FormerIds {
    fn id(&mut self, text: &str) -> String {
        let name = slug::from_text(text, "part");
        loop {
            let times = self.names.entry(name.clone()).or_insert(0);
            *times += 1;
            let id = if *times == 1 {
                name.clone()
            } else {
                format!("{name}-{times}")
            };
            // Another heading may already have the numbered id.
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::Rendered;

    /// Returns the values of `attribute` in `html`.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        html.split(&format!(" {attribute}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    }

    #[test]
    fn every_link_of_a_list_of_contents_as_github_has_it_leads_to_its_heading() {
        let html = Rendered::from_markdown(include_str!("../../tests/markdown/anchors.md")).html;
        let (list, text) = html.split_once("</ul>").expect("a list of contents");
        let targets = [values(text, "id"), values(text, "name")].concat();
        let links = values(list, "href");
        assert_eq!(links.len(), 6, "{list}");
        for link in links {
            let target = link.strip_prefix('#').expect("a link within the text");
            assert!(targets.contains(&target), "{link}: {targets:?}");
        }
    }

    #[test]
    fn headings_have_the_ids_that_github_gives_them_and_keep_their_former_ones() {
        let html =
            Rendered::from_markdown("# One\n\n## One\n\n# Ünï\n\n# 🙂🙂\n\n# a_b `c`: d!\n\n# हिन्दी").html;
        let ids = values(&html, "id");
        assert_eq!(
            ids,
            [
                "in-one",
                "in-one-1",
                "in-one-2",
                "in-ünï",
                "in-uni",
                "in-part",
                "in-slight-smile-slight-smile",
                "in-a_b-c-d",
                "in-a-b-c-d",
                "in-हिन्दी",
                "in-hindii"
            ]
        );
        for id in ["in-one", "in-one-1", "in-ünï", "in-part"] {
            assert!(
                values(&html, "href").contains(&format!("#{id}").as_str()),
                "{html}"
            );
        }
    }

    #[test]
    fn no_two_headings_have_one_id() {
        let html = Rendered::from_markdown("# a\n\n# a\n\n# a-1\n\n# a-2\n\n# ä\n\n# a\n\n# a\u{301}").html;
        let mut ids = values(&html, "id");
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{html}");
    }

    #[test]
    fn a_heading_that_is_nested_too_deeply_takes_no_id_from_the_next() {
        let html = Rendered::from_markdown(&format!("{}# deep\n\n# Top", ">".repeat(60))).html;
        assert!(html.contains("<h2 id=\"in-top\">Top"), "{html}");
    }

    #[test]
    fn a_place_that_was_named_by_hand_can_be_linked_to() {
        for named in [
            "<a name=\"here\"></a>",
            "<a id=\"here\"></a>",
            "<p id=\"here\">a</p>",
        ] {
            let html =
                Rendered::from_markdown(&format!("[a](#here)\n\n{named}\n\nText <a href=\"#here\">b</a>"))
                    .html;
            assert_eq!(html.matches("href=\"#in-here\"").count(), 2, "{html}");
            assert!(html.contains("=\"in-here\""), "{html}");
        }
    }
}
