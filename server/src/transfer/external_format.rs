//! The common part of imports from other systems: names that are not valid here, and texts in HTML.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use domain::data::{
    import::Usernames,
    interchange::{DiscussionSettings, Draft, Page, Person, Post},
};
use shared::{
    forms::post::{CONTENT_MAX, DetailsForm, TITLE_MAX},
    model::{post::Visibility, static_page::Place},
    paths,
};
use time::OffsetDateTime;
use url::Url;

use super::{TEXT_MAX, growth::GrowthBudget, html, notes::Notes};

mod comments;
mod people;
mod tags;
mod text;

pub(super) use comments::ExternalComment;
pub(super) use people::Profile;
pub(super) use text::{FeatureImage, Kind, Text, path_within};

/// The maximum length of a base address in bytes. Resolving a relative address makes it about as long as the base.
const BASE_MAX: usize = 2_000;

/// The title of a text without a title.
const UNTITLED: &str = "Untitled";
/// The losses of metadata that readers do not see, such as that for search engines.
pub(super) const FOR_SEARCHES: &str =
    "title, description or picture for search engines and networks left out";
/// The loss of the address at which a text was published first.
const CANONICAL: &str = "canonical address left out";

/// A site of another system.
#[derive(Debug)]
pub(super) struct ExternalSite {
    /// The authors.
    pub people: Vec<Person>,
    /// The published texts.
    pub posts: Vec<Post>,
    /// The unpublished texts.
    pub drafts: Vec<Draft>,
    /// The static pages.
    pub pages: Vec<Page>,
    /// The number of pictures in the texts that are still at their old address.
    pub elsewhere: usize,
    /// The titles of texts that were nested more deeply than is supported.
    pub flattened: Vec<String>,
    /// The changes and losses, with the title of the text that they concern.
    pub notes: Notes,
    /// The budget by which the texts may become longer than in the file.
    pub growth: GrowthBudget,
    /// The number of comments that have been converted.
    comments_so_far: i64,
    /// The time of the import.
    now: OffsetDateTime,
    usernames: Usernames,
    /// The email addresses of people, in lower case.
    addresses: HashSet<String>,
    /// The names in the file of people whose names in [`Self::people`] differ, by the latter.
    names: HashMap<String, String>,
    /// The tags whose spelling differs from that in the file, each of which is noted only once.
    respelt: HashSet<String>,
}

impl ExternalSite {
    /// Returns an empty site that is imported at `now` from files of `length` bytes.
    pub(super) fn new(now: OffsetDateTime, length: usize) -> Self {
        Self {
            people: Vec::new(),
            posts: Vec::new(),
            drafts: Vec::new(),
            pages: Vec::new(),
            elsewhere: 0,
            flattened: Vec::new(),
            notes: Notes::default(),
            growth: GrowthBudget::new(length),
            comments_so_far: 0,
            now,
            usernames: Usernames::default(),
            addresses: HashSet::new(),
            names: HashMap::new(),
            respelt: HashSet::new(),
        }
    }

    /// Notes that `what` has happened to the text called `title`, or to the whole site if `title` is empty.
    pub(super) fn note(&mut self, title: &str, what: impl Into<Cow<'static, str>>) {
        self.note_some(title, what, 1);
    }

    /// Notes that `what` has happened `count` times. Does nothing if `count` is 0.
    pub(super) fn note_some(&mut self, title: &str, what: impl Into<Cow<'static, str>>, count: usize) {
        self.note_all(title, what, "", count);
    }

    /// Notes that `what` has happened to the object called `which`.
    pub(super) fn note_which(&mut self, title: &str, what: impl Into<Cow<'static, str>>, which: &str) {
        self.note_all(title, what, which, 1);
    }

    /// Notes that `what` has happened `count` times to the object called `which`.
    pub(super) fn note_all(
        &mut self,
        title: &str,
        what: impl Into<Cow<'static, str>>,
        which: &str,
        count: usize,
    ) {
        if count > 0 {
            self.notes.add(text::title(title), what.into(), which, count);
        }
    }

    /// Returns the title of a text that is called `title` in the file. A missing title is replaced and noted.
    pub(super) fn titled(&mut self, title: &str) -> String {
        if title.trim().is_empty() {
            self.note(UNTITLED, "text without a title, now called “Untitled”");
            return UNTITLED.to_owned();
        }
        title.to_owned()
    }

    /// Adds a text of an author who has been added. A text that cannot be imported is noted.
    pub(super) fn add_text(&mut self, mut text: Text) {
        let (details, has_excerpt) = match text.kind {
            Kind::Post => self.details(&text),
            Kind::Page => {
                self.note_some(&text.title, CANONICAL, usize::from(!text.canonical.is_empty()));
                (DetailsForm::default(), true)
            }
        };
        let base = Url::parse(&text.address).ok();
        let base = base.filter(|base| base.as_str().len() <= BASE_MAX);
        let converted = match html::to_markdown(&text.whole(has_excerpt), base.as_ref()) {
            Ok(converted) => converted,
            Err(why) => return self.note(&text.title, format!("left out: {why}")),
        };
        let content = converted.markdown;
        for (what, count) in converted.losses {
            self.note_some(&text.title, what, count);
        }
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
                format!("text of more than {CONTENT_MAX} characters, which cannot be made longer here"),
            );
        }
        if text.title.chars().count() > TITLE_MAX {
            self.note(&text.title, format!("title cut to {TITLE_MAX} characters"));
        }
        let title = text::title(&text.title);
        if converted.is_flattened {
            self.flattened.push(title.clone());
        }
        self.elsewhere += converted.pictures;
        let tags = match text.kind {
            Kind::Post => self.tags(&text.title, &text.tags),
            Kind::Page => Vec::new(),
        };
        let created_at = self.begun_at(&text);
        let updated_at = text.updated_at.unwrap_or(created_at).max(created_at);
        let is_undated = text.created_at.or(text.updated_at).is_none();
        let comments = self.comments(&mut text, base.as_ref(), created_at);
        if text.kind == Kind::Page {
            return self.add_page(&text, content, (created_at, updated_at), is_undated);
        }
        if text.is_published {
            self.posts.push(Post {
                id: None,
                slug: text.slug(&title),
                title,
                tags,
                author: text.author,
                created_at,
                updated_at,
                version: 1,
                deleted_at: None,
                hidden_because: None,
                visibility: text.visibility,
                is_held: false,
                held_because: None,
                held_at: None,
                content,
                change_note: String::new(),
                is_history_public: false,
                // They have been checked.
                details: details.validate().unwrap_or_default(),
                discussion: DiscussionSettings {
                    is_closed: text.has_closed_comments,
                    pinned: None,
                },
                comments,
                is_undated,
                old_path: text.old_path.filter(|_| text.visibility != Visibility::Private),
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
                change_note: String::new(),
                publish_at: None,
                publish_zone: None,
                details,
                is_undated,
            });
        }
    }

    /// Returns the details of a post, and whether its excerpt does not fit into them and becomes the first paragraph. An
    /// address that does not say where the text was published first is noted.
    fn details(&mut self, text: &Text) -> (DetailsForm, bool) {
        let mut details = text.details();
        let excerpt = DetailsForm {
            excerpt: std::mem::take(&mut details.excerpt),
            ..DetailsForm::default()
        };
        // It may be too long, or have characters that no line has here.
        let is_paragraph = excerpt.validate().is_err();
        // Its own address, or another one of the old site, would lead here.
        let is_own = path_within(&text.address, &details.canonical).is_some();
        if is_own || details.validate().is_err() {
            self.note_which(&text.title, CANONICAL, &details.canonical);
            details.canonical = String::new();
        }
        if !is_paragraph {
            details.excerpt = excerpt.excerpt;
        }
        (details, is_paragraph)
    }

    /// Adds a page with the Markdown `content`, which was begun and changed at these times.
    fn add_page(
        &mut self,
        text: &Text,
        content: String,
        (created_at, updated_at): (OffsetDateTime, OffsetDateTime),
        is_undated: bool,
    ) {
        self.note_some(&text.title, "tag of a page left out", text.tags.len());
        let title = text::title(&text.title);
        let slug = text.slug(&title);
        if paths::is_claimed(&slug) {
            let path = paths::static_page(&slug);
            self.note_which(
                &text.title,
                "page whose address the site itself uses, moved",
                &path,
            );
        }
        self.pages.push(Page {
            id: None,
            slug,
            title,
            place: Place::None,
            is_published: text.is_published,
            created_at,
            updated_at,
            version: 1,
            content,
            is_undated,
            old_path: text.old_path.clone().filter(|_| text.is_published),
        });
    }

    /// Returns when `text` was published or begun, or the best estimate.
    fn begun_at(&mut self, text: &Text) -> OffsetDateTime {
        if let Some(at) = text.created_at {
            return at;
        }
        if let Some(at) = text.updated_at {
            self.note(
                &text.title,
                "text without a date, now with the date of its last change",
            );
            return at;
        }
        self.note(
            &text.title,
            "text without a date, now with the date of the import",
        );
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_that_does_not_fit_is_the_first_paragraph() {
        for (excerpt, kept, content) in [
            ("In short.", "In short.", "Words."),
            ("In\u{7f} short.", "", "In\u{7f} short.\n\nWords."),
            (&"a".repeat(301), "", &*format!("{}\n\nWords.", "a".repeat(301))),
        ] {
            let mut site = ExternalSite::new(OffsetDateTime::UNIX_EPOCH, 10_000);
            site.add_text(Text {
                title: "A title".to_owned(),
                excerpt: excerpt.to_owned(),
                canonical: "https://first.example/a".to_owned(),
                html: "<p>Words.</p>".to_owned(),
                is_published: true,
                ..Text::default()
            });
            let post = site.posts.pop().expect("a post");
            assert_eq!(
                (post.details.excerpt.as_str(), post.content.trim()),
                (kept, content)
            );
            assert_eq!(post.details.canonical, "https://first.example/a");
        }
    }
}
