//! What the exports of other systems have in common: names that are none here, and texts in HTML.

use std::collections::{HashMap, HashSet};

use app::{
    backend::{
        slug,
        transfer::{
            Draft, Person, Post,
            import::{Named, Usernames},
        },
    },
    forms::{Email, post::TITLE_MAX, username::USERNAME_MAX},
};
use time::OffsetDateTime;

use super::{Note, TEXT_MAX, html};

/// Ends addresses that lead nowhere, and that are nobody's own (RFC 2606).
const NOWHERE: &str = "@import.invalid";

/// A site of another system.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    /// Who has written it.
    pub people: Vec<Person>,
    /// What is published.
    pub posts: Vec<Post>,
    /// What is not.
    pub drafts: Vec<Draft>,
    /// Pictures in the texts that are still where they were.
    pub elsewhere: usize,
    /// The titles of texts that were nested more deeply than they can be here.
    pub flattened: Vec<String>,
    /// What was changed or left out, by the title of the text that it concerns.
    pub notes: Vec<Note>,
    usernames: Usernames,
    /// Addresses that people have, in lower case.
    addresses: HashSet<String>,
    /// The names of people who are called otherwise in [`Self::people`], by what they are called there.
    names: HashMap<String, String>,
}

/// What kind of text it is in the other system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Post,
    /// A page stands beside the posts. There are none here: it becomes a draft.
    Page,
}

/// The picture that belongs to a text as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FeatureImage {
    pub address: String,
    /// What it shows, as plain text.
    pub alt: String,
    /// What stands below it, as HTML.
    pub caption: String,
}

/// A text, as other systems have it.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub kind: Kind,
    /// Plain text.
    pub title: String,
    pub slug: String,
    pub author: String,
    pub tags: Vec<String>,
    /// The excerpt that somebody wrote for it, as plain text: it becomes the first paragraph.
    pub lead: Option<String>,
    /// It becomes the first picture.
    pub feature_image: Option<FeatureImage>,
    pub html: String,
    pub created_at: Option<OffsetDateTime>,
    pub updated_at: Option<OffsetDateTime>,
    pub is_published: bool,
}

impl Foreign {
    /// Adds somebody, under a name that can be one here, and tells it. Without an address of their own, or with one that
    /// somebody before them has, they get one that leads nowhere, as the administrator can change.
    pub(super) fn add_person(&mut self, name: &str, email: &str, about: &str, at: OffsetDateTime) -> String {
        let plain: String = slug::of(name, "writer").chars().take(USERNAME_MAX).collect();
        let username = self.usernames.claim(&plain);
        if username != plain {
            self.names.insert(username.clone(), plain);
        }
        let email = Email::parse(email)
            .ok()
            .filter(|email| !email.key().ends_with(NOWHERE) && self.addresses.insert(email.key()))
            .map_or_else(
                || format!("{}{NOWHERE}", username.to_lowercase()),
                |email| email.as_str().to_owned(),
            );
        self.people.push(Person {
            id: None,
            username: username.clone(),
            email,
            password_hash: None,
            role: None,
            about: about.chars().take(app::forms::settings::ABOUT_MAX).collect(),
            created_at: at,
            last_seen_at: None,
            email_confirmed_at: None,
            suspended_because: None,
            picture: None,
            former_usernames: Vec::new(),
            images: Vec::new(),
        });
        username
    }

    /// Notes that `what` has happened to the text called `title`, or to the whole site if that is empty.
    pub(super) fn note(&mut self, title: &str, what: impl Into<String>) {
        self.notes.push(Note {
            title: self::title(title),
            what: what.into(),
        });
    }

    /// Adds a text of somebody who was added. One that cannot be taken is noted.
    pub(super) fn add_text(&mut self, text: Text) {
        let html = format!(
            "{}{}{}",
            text.lead.as_deref().map(lead).unwrap_or_default(),
            text.feature_image.as_ref().map(picture).unwrap_or_default(),
            text.html
        );
        let converted = match html::to_markdown(&html) {
            Ok(converted) => converted,
            Err(why) => return self.note(&text.title, format!("left out: {why}")),
        };
        let content = converted.markdown;
        if content.trim().is_empty() {
            return self.note(&text.title, "left out: it has no text");
        }
        if content.len() as u64 > TEXT_MAX {
            return self.note(
                &text.title,
                format!("left out: it has more than {TEXT_MAX} bytes"),
            );
        }
        if text.kind == Kind::Page {
            self.note(&text.title, "a page: it is a draft now");
        }
        if converted.is_flattened {
            self.flattened.push(text.title.clone());
        }
        self.elsewhere += content.matches("![").count();
        let created_at = text
            .created_at
            .or(text.updated_at)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let updated_at = text.updated_at.unwrap_or(created_at).max(created_at);
        let title = title(&text.title);
        if text.is_published && text.kind == Kind::Post {
            self.posts.push(Post {
                id: None,
                slug: address(&text.slug, &title),
                title,
                tags: text.tags,
                author: text.author,
                created_at,
                updated_at,
                version: 1,
                deleted_at: None,
                hidden_because: None,
                content,
            });
        } else {
            self.drafts.push(Draft {
                id: None,
                title,
                tags: text.tags,
                author: text.author,
                post: None,
                post_version: 0,
                version: 1,
                created_at,
                updated_at,
                content,
            });
        }
    }

    /// Those of `named` who are called otherwise here than in the file.
    pub(super) fn renamed(&self, mut named: Vec<Named>) -> Vec<Named> {
        for person in &mut named {
            if let Some(name) = self.names.get(&person.from) {
                person.from.clone_from(name);
            }
        }
        named.retain(|person| person.from != person.to);
        named
    }
}

/// The excerpt `text` as a paragraph of HTML.
fn lead(text: &str) -> String {
    format!("<p>{}</p>", escaped(text))
}

/// The picture of a text as HTML.
fn picture(picture: &FeatureImage) -> String {
    let image = format!(
        "<img src=\"{}\" alt=\"{}\">",
        escaped(&picture.address),
        escaped(&picture.alt)
    );
    if picture.caption.trim().is_empty() {
        format!("<p>{image}</p>")
    } else {
        format!(
            "<figure>{image}<figcaption>{}</figcaption></figure>",
            picture.caption
        )
    }
}

/// Plain `text` as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// One line, no longer than a title is here.
fn title(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(TITLE_MAX).collect();
    if short.is_empty() {
        "Untitled".to_owned()
    } else {
        short
    }
}

/// The words of an address, as they were if they can be.
fn address(text: &str, title: &str) -> String {
    if text.is_empty() {
        slug::of(title, "post")
    } else {
        slug::of(text, "post")
    }
}
