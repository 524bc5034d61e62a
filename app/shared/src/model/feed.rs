//! Feeds.

crate::variants! {
    /// The format of a feed. The preferred one is the first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FeedFormat {
        /// Atom (RFC 4287).
        Atom { file: "atom.xml", media_type: "application/atom+xml" },
        /// RSS 2.0.
        Rss { file: "rss.xml", media_type: "application/rss+xml" },
        /// JSON Feed 1.1.
        Json { file: "feed.json", media_type: "application/feed+json" },
    }

    /// Returns the file name.
    pub const fn file(self) -> &'static str;
    /// Returns the media type.
    pub const fn media_type(self) -> &'static str;
}
