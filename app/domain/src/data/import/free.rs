//! Matching of imported texts with those that existed before the import.

use std::collections::{HashMap, HashSet, VecDeque};

use time::OffsetDateTime;

/// The existing texts of one author that are not matched yet. Loaded once per author.
#[derive(Debug, Default)]
pub(super) struct Free {
    ids: HashSet<i64>,
    /// Ids in ascending order.
    by_key: HashMap<Key, VecDeque<i64>>,
}

/// A property by which an imported text is matched with an existing one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The id and the time of publication or creation.
    Number(i64, OffsetDateTime),
    /// The time and the title.
    Moment(OffsetDateTime, String),
    /// The title and the slug, if the time is not known.
    Words(String, String),
}

impl Free {
    /// Adds the text with the given id and `keys`.
    pub(super) fn add(&mut self, id: i64, keys: impl IntoIterator<Item = Key>) {
        self.ids.insert(id);
        for key in keys {
            self.by_key.entry(key).or_default().push_back(id);
        }
    }

    /// Removes and returns the first text that matches; earlier keys take precedence.
    pub(super) fn take(&mut self, keys: impl IntoIterator<Item = Key>) -> Option<i64> {
        keys.into_iter().find_map(|key| {
            let ids = self.by_key.get_mut(&key)?;
            while let Some(id) = ids.pop_front() {
                if self.ids.remove(&id) {
                    return Some(id);
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_taken_once_by_its_number_or_else_by_its_title() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let titled = |title: &str| Key::Moment(at, title.to_owned());
        let mut free = Free::default();
        for (id, title) in [(1, "a"), (2, "a"), (3, "b"), (4, "a")] {
            free.add(id, [Key::Number(id, at), titled(title)]);
        }
        let mut take = |id, title| free.take([Key::Number(id, at), titled(title)]);
        assert_eq!(take(2, "b"), Some(2));
        assert_eq!(take(2, "a"), Some(1));
        assert_eq!(take(9, "b"), Some(3));
        assert_eq!(take(9, "a"), Some(4));
        assert_eq!((take(9, "a"), take(3, "b"), take(4, "c")), (None, None, None));
    }
}
