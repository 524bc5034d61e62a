//! What a page tells machines: crawlers, feed readers, and programs that show where a link leads.
//!
//! A page says it by `describe`; `server/src/routes/head.rs` writes it into the document's head. The browser's side does
//! nothing: whoever reads it asks the server.

use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;

use crate::http;
use shared::{
    model::{media::Picture, page::Page, post::PostCard},
    paths,
};

/// A page, as machines see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Its one address, as a path.
    pub path: String,
    /// Its title, without the site's name; empty for the first page.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// The page of the same list that comes before it.
    pub newer: Option<String>,
    /// The page of the same list that comes after it.
    pub older: Option<String>,
    /// The lists whose feeds it offers beside the one of the whole site: each one's path and title.
    pub feeds: Vec<(String, String)>,
    /// What it is about.
    pub about: About,
}

/// What a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Nothing in particular.
    Site,
    /// A post.
    Post(Box<PostCard>),
    /// A person.
    Person(Person),
}

/// Somebody, as machines see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they are called.
    pub username: String,
    /// What they say of themselves; may be empty.
    pub about: String,
    /// Their picture, if they have one.
    pub picture: Option<Picture>,
    /// When the account was made.
    pub created_at: OffsetDateTime,
}

impl Metadata {
    /// The page at `path`.
    #[must_use]
    pub fn page(path: &str, title: &str, description: String) -> Self {
        Self {
            path: path.to_owned(),
            title: title.to_owned(),
            description,
            newer: None,
            older: None,
            feeds: Vec::new(),
            about: About::Site,
        }
    }

    /// A `page` of the list at `path`.
    #[must_use]
    pub fn list<T>(path: &str, page: &Page<T>, title: &str, description: String) -> Self {
        let at = |number| paths::numbered(path, number);
        Self {
            newer: (page.number > 1).then(|| at(page.number - 1)),
            older: (page.number < page.pages).then(|| at(page.number + 1)),
            ..Self::page(&at(page.number), title, description)
        }
    }

    /// The same, with the feeds of the list at `path`.
    #[must_use]
    pub fn with_feed(mut self, path: String, title: String) -> Self {
        self.feeds.push((path, title));
        self
    }

    /// The same, about something.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = about;
        self
    }
}

/// Where the page that is being rendered says what it is; the server looks there when it is complete.
#[derive(Debug, Clone, Default)]
pub struct Description(Arc<Mutex<Option<Metadata>>>);

impl Description {
    /// Notes what the page is.
    pub fn set(&self, metadata: Metadata) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(metadata);
    }

    /// What the page has said.
    #[must_use]
    pub fn take(&self) -> Option<Metadata> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Takes what the server has said of the first page out of the document, once the client shows another.
pub fn forget() {
    let Some(head) = leptos::prelude::document().head() else {
        return;
    };
    while let Ok(Some(said)) = head.query_selector("[data-page]") {
        said.remove();
    }
}

/// Tells what the page is that is being rendered. In the browser, `metadata` is never asked for.
pub fn describe(metadata: impl FnOnce() -> Metadata) {
    http::describe(metadata);
}
