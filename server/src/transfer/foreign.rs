//! What the exports of other systems have in common: names that are none here, and texts in HTML.

use std::collections::{HashMap, HashSet};

use domain::{
    data::{
        import::{Named, Usernames},
        interchange::{Draft, Person, Post},
    },
    posts::slug,
};
use shared::forms::{
    Email,
    post::{CONTENT_MAX, TITLE_MAX},
    tag::{self, TAG_MAX, TAGS_MAX},
    username::USERNAME_MAX,
};
use time::OffsetDateTime;
use url::Url;

use super::{
    Note, TEXT_MAX,
    html::{self, escaped},
};

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
    /// Changes and losses, by the title of the text that they concern.
    pub notes: Vec<Note>,
    usernames: Usernames,
    /// Addresses that people have, in lower case.
    addresses: HashSet<String>,
    /// The names of people who are called otherwise in [`Self::people`], by what they are called there.
    names: HashMap<String, String>,
    /// Tags that are spelt otherwise here, or that nothing can have: each is noted once.
    tags: HashSet<String>,
}

/// The kind of a text in the other system.
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
    /// The alternative text, without markup.
    pub alt: String,
    /// The caption, as HTML.
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
    /// Where the text stood: addresses in it are seen from there.
    pub address: String,
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
            about: about.chars().take(shared::forms::settings::ABOUT_MAX).collect(),
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
        self.note_some(title, what, 1);
    }

    /// Notes that `what` has happened `count` times.
    pub(super) fn note_some(&mut self, title: &str, what: impl Into<String>, count: usize) {
        let title = if title.is_empty() {
            String::new()
        } else {
            self::title(title)
        };
        self.notes.push(Note {
            title,
            what: what.into(),
            count,
        });
    }

    /// Adds a text of somebody who was added. One that cannot be taken is noted.
    pub(super) fn add_text(&mut self, text: Text) {
        let base = Url::parse(&text.address).ok();
        let converted = match html::to_markdown(&whole(&text), base.as_ref()) {
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
        if content.chars().count() > CONTENT_MAX {
            self.note(
                &text.title,
                format!("text of more than {CONTENT_MAX} characters, which nobody may make longer here"),
            );
        }
        for (what, count) in converted.losses {
            self.note_some(&text.title, what, count);
        }
        if text.kind == Kind::Page {
            self.note(&text.title, "page that is a draft now");
        }
        if text.title.chars().count() > TITLE_MAX {
            self.note(&text.title, format!("title cut to {TITLE_MAX} characters"));
        }
        if converted.is_flattened {
            self.flattened.push(text.title.clone());
        }
        self.elsewhere += converted.pictures;
        let tags = self.tags(&text.title, &text.tags);
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
                tags,
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
                tags,
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

    /// These `names` as tags, as near as tags come here.
    fn tags(&mut self, title: &str, names: &[String]) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for name in names {
            let near = tag::name(name).or_else(|_| tag::name(&near(name)));
            let Ok(tag) = near else {
                self.note(
                    title,
                    format!("tag that nothing can have here left out: “{name}”"),
                );
                continue;
            };
            if tags.contains(&tag) {
                continue;
            }
            if tags.len() == TAGS_MAX {
                self.note(
                    title,
                    format!("tag left out, since a text has at most {TAGS_MAX}: “{name}”"),
                );
                continue;
            }
            if tag::name(name).is_err() && self.tags.insert(name.clone()) {
                self.note("", format!("tag spelt otherwise: “{name}” is “{tag}”"));
            }
            tags.push(tag);
        }
        tags
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

/// A text with its excerpt and its picture, as far as they are not in it, as HTML.
fn whole(text: &Text) -> String {
    let words = html::words(&text.html);
    let is_new = |lead: &str| {
        let lead = lead.split_whitespace().collect::<Vec<_>>().join(" ");
        let lead = lead.trim_end_matches(['.', '…', ' ', '[', ']']);
        !lead.is_empty() && !words.starts_with(lead)
    };
    let lead = text.lead.as_deref().filter(|lead| is_new(lead));
    let picture = text
        .feature_image
        .as_ref()
        .filter(|picture| !picture.address.is_empty() && !text.html.contains(picture.address.as_str()));
    format!(
        "{}{}{}",
        lead.map(self::lead).unwrap_or_default(),
        picture.map(self::picture).unwrap_or_default(),
        text.html
    )
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

/// `name` with hyphens for what no tag can have, and no longer than a tag.
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
