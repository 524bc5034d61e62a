//! The cached reads: pages of lists, profiles and posts.

use crate::{
    platform::read_cache::ReadCache,
    posts::{StoredPost, author::PublicProfile},
};
use shared::model::{account::AuthorCard, page::ListPage, post::PostCard, tag::TagCard};

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
            post: ReadCache::new(half),
        }
    }
}
