//! Since when each feed is as it is. Its posts do not tell: one that is hidden or brought back leaves no newer date behind.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

/// So many feeds are remembered; who asks for others gets them once more.
const MOST: usize = 4_096;

/// The entries that this server has sent, and since when.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<HashMap<String, (String, OffsetDateTime)>>>);

impl Seen {
    /// Since when the feed at `path` has had this `tag`, as far as this server knows: never too early.
    pub(super) fn since(&self, path: &str, tag: &str, now: OffsetDateTime) -> OffsetDateTime {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match seen.get(path) {
            Some((known, at)) if known == tag => return *at,
            // Two versions of one second have two dates.
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
