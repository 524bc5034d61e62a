//! Imports the authors of a site, and assigns posts to them.

use std::collections::HashMap;

use shared::forms::settings::ABOUT_MAX;
use time::OffsetDateTime;

use super::{ExternalSite, Fields};

/// The columns of an account that have no counterpart here.
const LEFT_OUT: &[(&str, &[&str])] = &[
    ("picture", &["profile_image", "image"]),
    ("cover", &["cover_image", "cover"]),
    ("website", &["website"]),
    ("place", &["location"]),
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
            let (plain, shown) = (user.first_text(&["slug", "name"]), user.text("name"));
            let has_other_name = shown.to_lowercase() != plain.to_lowercase();
            let about = match user.text("bio") {
                "" if has_other_name => shown,
                bio => bio,
            };
            let name = site.add_person(plain, user.text("email"), about, at);
            note_left_out(site, &name, user, has_other_name && about != shown);
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
                .get_or_insert_with(|| site.add_person("author", "", "", OffsetDateTime::UNIX_EPOCH))
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

fn note_left_out(site: &mut ExternalSite, name: &str, user: Fields<'_>, lacks_name: bool) {
    let has = |(_, fields): &&(&str, &[&str])| !user.first_text(fields).is_empty();
    let left_out = LEFT_OUT.iter().filter(has).map(|(what, _)| *what);
    let left_out: Vec<&str> = lacks_name.then_some("name").into_iter().chain(left_out).collect();
    if !left_out.is_empty() {
        let which = format!("{name} ({})", left_out.join(", "));
        site.note_which("", "parts of an account left out", &which);
    }
    if user.text("bio").chars().count() > ABOUT_MAX {
        let what = format!("text about a person cut to {ABOUT_MAX} characters");
        site.note_which("", what, name);
    }
}
