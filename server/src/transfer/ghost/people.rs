//! Imports the authors of a site, and assigns posts to them.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::{ExternalSite, Fields};
use crate::transfer::external_format::Profile;

/// The columns of an account that have no counterpart here.
const LEFT_OUT: &[(&str, &[&str])] = &[
    ("picture", &["profile_image", "image"]),
    ("cover", &["cover_image", "cover"]),
    (
        "profiles on other sites",
        &[
            "facebook",
            "twitter",
            "threads",
            "bluesky",
            "mastodon",
            "tiktok",
            "youtube",
            "instagram",
            "linkedin",
        ],
    ),
];

/// The usernames that people get, and the authors of posts.
pub(super) struct People {
    /// The usernames, by the ids in the export.
    names: HashMap<String, String>,
    /// The ids of the authors of each post, by the id of the post, main author first.
    authors: HashMap<String, Vec<String>>,
    /// The author of posts whose author is missing.
    anybody: Option<String>,
}

impl People {
    /// Adds the people in `users` to `site`.
    pub(super) fn add<'a>(
        site: &mut ExternalSite,
        users: impl Iterator<Item = Fields<'a>>,
        authorships: impl Iterator<Item = Fields<'a>>,
    ) -> Self {
        let mut names = HashMap::new();
        for user in users {
            let at = user.moment("created_at").unwrap_or(OffsetDateTime::UNIX_EPOCH);
            let profile = Profile {
                name: user.text("name"),
                about: user.text("bio"),
                location: user.text("location"),
                website: user.text("website"),
            };
            let plain = user.first_text(&["slug", "name"]);
            let name = site.add_person(plain, user.text("email"), profile, at);
            note_left_out(site, &name, user);
            if let Some(id) = user.id("id") {
                names.insert(id, name);
            }
        }
        let mut sorted: Vec<_> = authorships.collect();
        sorted.sort_by_key(|authorship| authorship.number("sort_order"));
        let mut authors: HashMap<String, Vec<String>> = HashMap::new();
        for authorship in sorted {
            if let (Some(post), Some(author)) = (authorship.id("post_id"), authorship.id("author_id")) {
                authors.entry(post).or_default().push(author);
            }
        }
        Self {
            anybody: names.values().min().cloned(),
            names,
            authors,
        }
    }

    /// Returns the username of the main author of `post`. A post without an author in the file gets a substitute.
    pub(super) fn author_of(&mut self, site: &mut ExternalSite, post: Fields<'_>, title: &str) -> String {
        let id = post.id("id").unwrap_or_default();
        let ids = self.authors.remove(&id).unwrap_or_default();
        let own: Vec<String> = ["author_id", "author", "created_by"]
            .iter()
            .filter_map(|name| post.id(name))
            .collect();
        let mut names = ids.iter().filter_map(|id| self.names.get(id)).cloned();
        let first = names.next();
        let others: Vec<String> = names.collect();
        let found = first.or_else(|| own.iter().find_map(|id| self.names.get(id).cloned()));
        let Some(author) = found else {
            let author = self
                .anybody
                .get_or_insert_with(|| {
                    site.add_person("author", "", Profile::default(), OffsetDateTime::UNIX_EPOCH)
                })
                .clone();
            let names_nobody = ids.is_empty() && own.is_empty();
            // If the file contains only one person, they must be the author.
            if !(names_nobody && self.names.len() == 1) {
                let what = "author who is not in the file, replaced by somebody else";
                site.note_which(title, what, &format!("“{author}”"));
            }
            return author;
        };
        for other in others {
            site.note_which(title, "additional author left out", &other);
        }
        author
    }
}

fn note_left_out(site: &mut ExternalSite, name: &str, user: Fields<'_>) {
    let has = |(_, fields): &&(&str, &[&str])| !user.first_text(fields).is_empty();
    let left_out: Vec<&str> = LEFT_OUT.iter().filter(has).map(|(what, _)| *what).collect();
    if !left_out.is_empty() {
        let which = format!("{name} ({})", left_out.join(", "));
        site.note_which("", "parts of an account left out", &which);
    }
}
