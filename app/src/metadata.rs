//! The metadata of pages for crawlers, feed readers and link previews.
//!
//! A page sets it with `describe`, and `server/src/routes/head.rs` writes it into the document's head. In the browser it has
//! no effect, because such programs request pages from the server.

use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;

use crate::http;
use shared::{
    model::{comment::CommentFacts, media::Avatar, page::ListPage, post::PostCard, profile::ProfileDetails},
    paths,
};

/// The metadata of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The canonical path.
    pub path: String,
    /// The title without the site's name; empty for the home page.
    pub title: String,
    /// The description, one or two sentences.
    pub description: String,
    /// The path of the previous page of the list.
    pub newer: Option<String>,
    /// The path of the next page of the list.
    pub older: Option<String>,
    /// The paths and titles of lists whose feeds are offered besides the site's.
    pub feeds: Vec<(String, String)>,
    /// The subject.
    pub about: About,
    /// The comments that the page shows.
    pub comments: Vec<CommentFacts>,
    /// Whether search engines may list the page.
    pub is_indexed: bool,
    /// The address at which the text of the page was published first, if that is another site.
    pub canonical: Option<String>,
}

/// The subject of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The site itself.
    Site,
    /// A post.
    Post(Box<PostCard>),
    /// A user.
    Person(Person),
}

/// The metadata of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The username.
    pub username: String,
    /// The display name, links and other facts.
    pub details: ProfileDetails,
    /// The profile text, which may be empty.
    pub about: String,
    /// The avatar, if there is one.
    pub picture: Option<Avatar>,
    /// The time of the registration.
    pub created_at: OffsetDateTime,
}

impl Metadata {
    /// Creates the metadata of the page at `path`.
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
            comments: Vec::new(),
            is_indexed: true,
            canonical: None,
        }
    }

    /// Creates the metadata of a `page` of the list at `path`.
    #[must_use]
    pub fn list<T>(path: &str, page: &ListPage<T>, title: &str, description: String) -> Self {
        let at = |number| paths::numbered(path, number);
        Self {
            newer: (page.number > 1).then(|| at(page.number - 1)),
            older: (page.number < page.pages).then(|| at(page.number + 1)),
            ..Self::page(&at(page.number), title, description)
        }
    }

    /// Adds the feeds of the list at `path`.
    #[must_use]
    pub fn with_feed(mut self, path: String, title: String) -> Self {
        self.feeds.push((path, title));
        self
    }

    /// Has search engines not list the page.
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        self.is_indexed = false;
        self
    }

    /// Sets the address at which the text was published first; empty if that is this page.
    #[must_use]
    pub fn published_first_at(mut self, address: String) -> Self {
        self.canonical = (!address.is_empty()).then_some(address);
        self
    }

    /// Sets the subject.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = about;
        self
    }
}

/// A slot for the metadata of the page that is being rendered, which the server reads at the end.
#[derive(Debug, Clone, Default)]
pub struct Description(Arc<Mutex<Option<Metadata>>>);

impl Description {
    /// Sets the metadata.
    pub fn set(&self, metadata: Metadata) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(metadata);
    }

    /// Adds the comments that the page shows to the metadata, which must have been set before.
    pub fn add_comments(&self, facts: Vec<CommentFacts>) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metadata) = slot.as_mut() {
            metadata.comments = facts;
        }
    }

    /// Takes the metadata.
    #[must_use]
    pub fn take(&self) -> Option<Metadata> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Removes the metadata of the first page from the document when the client shows another page.
pub fn forget() {
    let Some(head) = leptos::prelude::document().head() else {
        return;
    };
    while let Ok(Some(said)) = head.query_selector("[data-page]") {
        said.remove();
    }
}

/// Sets the metadata of the page that is being rendered. In the browser, `metadata` is never called.
pub fn describe(metadata: impl FnOnce() -> Metadata) {
    http::describe(metadata);
}
