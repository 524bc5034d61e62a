//! What the exports of other systems have in common: names that are none here, and texts in HTML.

use std::collections::HashSet;

use app::{
    backend::{
        slug,
        transfer::{Draft, Person, Post},
    },
    forms::{Email, Username, post::TITLE_MAX, username::USERNAME_MAX},
};
use htmd::HtmlToMarkdown;
use time::OffsetDateTime;

/// Elements whose content is nothing to read.
const NO_TEXT: [&str; 4] = ["script", "style", "noscript", "template"];

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
    /// Adds somebody, under a name that can be one here, and tells it. Without an address of their own they get one that
    /// leads nowhere, as the administrator can change.
    pub(super) fn add_person(&mut self, name: &str, email: &str, about: &str, at: OffsetDateTime) -> String {
        let taken: HashSet<String> = self
            .people
            .iter()
            .map(|person| person.username.to_lowercase())
            .collect();
        let username = username(name, &taken);
        let email = match Email::parse(email) {
            Ok(email) => email.as_str().to_owned(),
            Err(_) => format!("{}@import.invalid", username.to_lowercase()),
        };
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
        let converter = HtmlToMarkdown::builder().skip_tags(NO_TEXT.to_vec()).build();
        let markdown = converter.convert(&text.html);
        let content = markdown.map_err(|error| format!("{:?}: {error}", text.title))?;
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
}

/// `name` as a username that is not in `taken`.
fn username(name: &str, taken: &HashSet<String>) -> String {
    let plain = slug::of(name, "writer");
    let plain: String = plain.chars().take(USERNAME_MAX - 4).collect();
    let plain = plain.trim_end_matches('-').to_owned();
    let is_free = |name: &String| Username::parse(name).is_ok() && !taken.contains(name);
    let mut numbered = (2..1_000).map(|number| format!("{plain}-{number}"));
    if is_free(&plain) {
        plain
    } else {
        numbered.find(is_free).unwrap_or(plain)
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
