//! Reads the tags of posts.

use std::collections::HashMap;

use super::{ExternalSite, Fields};

/// The columns of a tag other than its name.
const ABOUT: &[&str] = &[
    "description",
    "feature_image",
    "image",
    "codeinjection_head",
    "codeinjection_foot",
];

/// The number of characters of a tag's name that are used. A tag may belong to a million texts, so a longer one would
/// take too much memory.
const NAME_MAX: usize = 200;

/// The names of the tags of each post in their order, by the id of the post.
pub(super) struct TagsOf(HashMap<String, Vec<String>>);

impl TagsOf {
    /// Reads the tables. Internal tags are noted and omitted.
    pub(super) fn read<'a>(
        site: &mut ExternalSite,
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
                // An internal tag.
                Some(None) => {}
                None => site.note("", "tag that is not in the file left out"),
            }
        }
        Self(of)
    }

    /// Removes and returns the tags of the post with this id.
    pub(super) fn take(&mut self, post: &str) -> Vec<String> {
        self.0.remove(post).unwrap_or_default()
    }
}

fn is_internal(tag: Fields<'_>) -> bool {
    tag.text("visibility") == "internal" || tag.text("name").starts_with('#')
}
