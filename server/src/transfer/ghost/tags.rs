//! Tags of posts.

use std::collections::HashMap;

use super::{Fields, Foreign};

/// Columns of a tag beside its name.
const ABOUT: &[&str] = &[
    "description",
    "feature_image",
    "image",
    "codeinjection_head",
    "codeinjection_foot",
];

/// Of the name of a tag, which may be that of a million texts, so many characters are looked at.
const NAME_MAX: usize = 200;

/// The names of each post's tags, by its id, in order.
pub(super) struct TagsOf(HashMap<String, Vec<String>>);

impl TagsOf {
    /// Reads the tables. Tags that the site has for itself alone are noted and left out.
    pub(super) fn read<'a>(
        site: &mut Foreign,
        tags: impl Iterator<Item = Fields<'a>> + Clone,
        taggings: impl Iterator<Item = Fields<'a>>,
    ) -> Self {
        for tag in tags.clone() {
            if is_internal(tag) {
                let name = tag.text("name");
                site.note_which("", "internal tag left out", &format!("“{name}”"));
            } else if !tag.first_text(ABOUT).is_empty() {
                site.note("", "description, picture or code of a tag left out");
            }
        }
        let name = |tag: Fields<'_>| tag.text("name").chars().take(NAME_MAX).collect();
        let names: HashMap<String, Option<String>> = tags
            .filter_map(|tag| Some((tag.id("id")?, (!is_internal(tag)).then(|| name(tag)))))
            .collect();
        let mut taggings: Vec<_> = taggings.collect();
        taggings.sort_by_key(|tagging| tagging.number("sort_order"));
        let mut of: HashMap<String, Vec<String>> = HashMap::new();
        for tagging in taggings {
            match tagging.id("tag_id").and_then(|id| names.get(&id)) {
                Some(Some(name)) => {
                    let post = tagging.id("post_id").unwrap_or_default();
                    of.entry(post).or_default().push(name.clone());
                }
                // One that the site has for itself.
                Some(None) => {}
                None => site.note("", "tag that is not in the file left out"),
            }
        }
        Self(of)
    }

    /// The tags of the post with this id.
    pub(super) fn take(&mut self, post: &str) -> Vec<String> {
        self.0.remove(post).unwrap_or_default()
    }
}

fn is_internal(tag: Fields<'_>) -> bool {
    tag.text("visibility") == "internal" || tag.text("name").starts_with('#')
}
