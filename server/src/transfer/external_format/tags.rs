//! Converts the tags of another system to the most similar valid tags.

use shared::forms::tag::{self, TAG_MAX, TAGS_MAX};

use super::ExternalSite;

impl ExternalSite {
    /// Returns `names` as tags of the text called `title`. Changed and omitted tags are noted.
    pub(super) fn tags(&mut self, title: &str, names: &[String]) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for name in names {
            let near = tag::name(name).or_else(|_| tag::name(&near(name)));
            let Ok(tag) = near else {
                let which = format!("“{name}”");
                self.note_which(title, "tag that is not allowed here left out", &which);
                continue;
            };
            if tags.contains(&tag) {
                continue;
            }
            if tags.len() == TAGS_MAX {
                let what = format!("tag left out, because a text can have at most {TAGS_MAX}");
                self.note_which(title, what, &format!("“{name}”"));
                continue;
            }
            if tag::name(name).is_err() && self.respelt.insert(tag.clone()) {
                self.note_which("", "tag spelt differently", &format!("“{name}” is “{tag}”"));
            }
            tags.push(tag);
        }
        tags
    }
}

/// Returns `name` with hyphens in place of invalid characters, truncated to the maximum length of a tag.
fn near(name: &str) -> String {
    let mut near = String::new();
    for char in name.trim().chars() {
        if tag::name(&char.to_string()).is_ok() || "+#._".contains(char) {
            near.push(char);
        } else if !near.ends_with('-') {
            near.push('-');
        }
    }
    let short: String = near.trim_matches('-').chars().take(TAG_MAX).collect();
    short.trim_end_matches('-').to_owned()
}
