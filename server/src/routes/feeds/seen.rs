//! Remembers since when each feed has been unchanged. This cannot be derived from its posts, because hiding or
//! restoring a post does not leave a newer date.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

/// The maximum number of feeds that are remembered. If it is exceeded, all are forgotten, so that clients receive their
/// feeds once more.
const MOST: usize = 4_096;

/// The tag of each feed that this server has sent, and since when it has had it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<HashMap<String, (String, OffsetDateTime)>>>);

impl Seen {
    /// Returns since when the feed at `path` has had this `tag`, as far as this server knows. The result is never too
    /// early.
    pub(super) fn since(&self, path: &str, tag: &str, now: OffsetDateTime) -> OffsetDateTime {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match seen.get(path) {
            Some((known, at)) if known == tag => return *at,
            // Two versions within the same second must have different dates.
            Some((_, at)) => now.max(*at + Duration::SECOND),
            None => now,
        };
        if seen.len() >= MOST {
            seen.clear();
        }
        seen.insert(path.to_owned(), (tag.to_owned(), at));
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_a_date_of_its_own() {
        let (seen, now) = (Seen::default(), OffsetDateTime::UNIX_EPOCH);
        let first = seen.since("/atom.xml", "a", now);
        assert_eq!(seen.since("/atom.xml", "a", now + Duration::HOUR), first);
        assert!(seen.since("/atom.xml", "b", now) > first);
        assert!(seen.since("/atom.xml", "a", now) > first + Duration::SECOND);
    }
}
