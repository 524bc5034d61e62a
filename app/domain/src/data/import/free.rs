//! Texts that were there before an import, each of which may be one of its own.

use std::collections::{HashMap, HashSet, VecDeque};

use time::OffsetDateTime;

/// The texts of one author. They are asked for once, however many the import has.
#[derive(Debug, Default)]
pub(super) struct Free {
    ids: HashSet<i64>,
    /// In the order of their numbers.
    by_key: HashMap<Key, VecDeque<i64>>,
}

/// A mark that tells a text from others of its author.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Its number, and when it was published or begun.
    Number(i64, OffsetDateTime),
    /// The moment and its title.
    Moment(OffsetDateTime, String),
    /// Where nobody knows the moment: its title and the words of its address.
    Words(String, String),
}

impl Free {
    /// Adds the text with the number `id`, which has all of `keys`.
    pub(super) fn add(&mut self, id: i64, keys: impl IntoIterator<Item = Key>) {
        self.ids.insert(id);
        for key in keys {
            self.by_key.entry(key).or_default().push_back(id);
        }
    }

    /// Takes the first text that has the first of `keys` that any has.
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
