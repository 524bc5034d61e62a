//! The cached reads: pages of lists, profiles and posts.

use std::sync::Mutex;

use crate::{
    comments::StoredPage,
    platform::read_cache::ReadCache,
    posts::{StoredPost, author::PublicProfile},
    redirects::RedirectIndex,
    static_pages::PublishedPages,
};
use shared::model::{
    account::AuthorCard,
    comment::CommentsPosition,
    page::ListPage,
    post::PostCard,
    static_page::{PageLinks, StaticPage},
    tag::TagCard,
};

/// The cached reads of a site, each of which belongs to one use-case.
pub struct Reads {
    /// Pages of all posts, by number.
    pub(crate) posts: ReadCache<u64, ListPage<PostCard>>,
    /// Pages of the posts with a tag, by its name and number.
    pub(crate) tagged: ReadCache<(String, u64), ListPage<PostCard>>,
    /// Pages of authors, by number.
    pub(crate) authors: ReadCache<u64, ListPage<AuthorCard>>,
    /// Profiles with a page of posts, by the key of the username and number.
    pub(crate) profiles: ReadCache<(String, u64), PublicProfile>,
    /// The most popular tags.
    pub(crate) popular_tags: ReadCache<(), Vec<TagCard>>,
    /// Posts, by id.
    pub(crate) post: ReadCache<i64, StoredPost>,
    /// Pages of the comments on posts, by the ids of the posts.
    pub(crate) comments: ReadCache<(i64, CommentsPosition), StoredPage>,
    /// The addresses of all published static pages.
    pub(crate) published_pages: ReadCache<(), PublishedPages>,
    /// The links to static pages that were last known.
    pub(crate) last_links: Mutex<PageLinks>,
    /// Static pages, by slug.
    pub(crate) static_page: ReadCache<String, StaticPage>,
    /// The old paths of all redirects.
    pub(crate) redirects: RedirectIndex,
}

impl Reads {
    /// Returns caches of at most so many `megabytes` altogether.
    #[must_use]
    pub fn new(megabytes: u64) -> Self {
        let half = megabytes * 1_000_000 / 2;
        let eighth = half / 4;
        Self {
            posts: ReadCache::new(eighth),
            tagged: ReadCache::new(eighth),
            authors: ReadCache::new(eighth / 2),
            profiles: ReadCache::new(eighth),
            popular_tags: ReadCache::new(eighth / 2),
            post: ReadCache::new(half - eighth - eighth),
            comments: ReadCache::new(eighth),
            published_pages: ReadCache::new(eighth / 2),
            last_links: Mutex::default(),
            static_page: ReadCache::new(eighth / 2),
            redirects: RedirectIndex::default(),
        }
    }
}
