//! Whether something that was read from the database is still what the database contains.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{db::Changes, topic::Topic};

/// When something was read, and the topics that it shows.
#[derive(Debug)]
pub struct Freshness {
    /// The moment before it was read, or a later one until which it has not changed.
    read_at: AtomicU64,
    topics: Vec<Topic>,
}

impl Freshness {
    /// Returns the freshness of something that was read after the moment `read_at` and shows `topics`.
    #[must_use]
    pub const fn new(read_at: u64, topics: Vec<Topic>) -> Self {
        Self {
            read_at: AtomicU64::new(read_at),
            topics,
        }
    }

    /// Returns the topics.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Returns whether a request that was sent at the moment `asked` may be answered with it: none of its topics has
    /// changed since it was read, or it was read after the request was sent.
    #[must_use]
    pub fn is_current(&self, changes: &Changes, asked: u64) -> bool {
        let read_at = self.read_at.load(Ordering::Acquire);
        if read_at >= asked {
            return true;
        }
        let is_current = changes.last(&self.topics) <= read_at;
        if is_current {
            // Changes up to now need not be looked up again.
            self.read_at.fetch_max(asked, Ordering::AcqRel);
        }
        is_current
    }
}
