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

use super::{TEXT_MAX, html};

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
    usernames: Usernames,
    /// Addresses that people have, in lower case.
    addresses: HashSet<String>,
    /// The names of people who are called otherwise in [`Self::people`], by what they are called there.
    names: HashMap<String, String>,
}

/// A text, as other systems have it.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub title: String,
    pub slug: String,
    pub author: String,
    pub tags: Vec<String>,
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

    /// Adds a text of somebody who was added: one without content is left out.
    pub(super) fn add_text(&mut self, text: Text) -> Result<(), String> {
        if text.html.trim().is_empty() {
            return Ok(());
        }
        let converted = html::to_markdown(&text.html).map_err(|why| format!("{:?}: {why}", text.title))?;
        let content = converted.markdown;
        if content.len() as u64 > TEXT_MAX {
            return Err(format!("{:?} has more than {TEXT_MAX} bytes", text.title));
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
        if text.is_published {
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
        Ok(())
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
