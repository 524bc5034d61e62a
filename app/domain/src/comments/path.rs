//! The places of comments in the tree.
//!
//! The path of a comment consists of the ids of the comments above it and its own, each in base 32 with the same number of
//! digits. The order of paths is therefore that of a tree in which replies follow what they answer, oldest first, and a branch
//! is a range of paths.

/// The digits in ascending order.
const DIGITS: &str = "0123456789abcdefghijklmnopqrstuv";
/// The number of bits of a digit.
const BITS: u32 = 5;
/// The number of digits of an id, which is enough for all ids below 2^45.
const WIDTH: usize = 9;
/// A character after all digits.
const END: char = '~';

/// Returns the path of the comment with this id below the one with the path `parent`, which is empty for none.
#[must_use]
pub(crate) fn below(parent: &str, id: i64) -> String {
    let digit = |place: usize| {
        let value = (id >> (BITS * u32::try_from(place).unwrap_or_default())) & 31;
        usize::try_from(value)
            .ok()
            .and_then(|value| DIGITS.chars().nth(value))
            .unwrap_or_default()
    };
    parent.chars().chain((0..WIDTH).rev().map(digit)).collect()
}

/// Returns the ids in `path`, from the beginning of the thread.
#[must_use]
pub(super) fn ids(path: &str) -> Vec<i64> {
    let bytes = path.as_bytes().chunks(WIDTH);
    let id = |digits: &[u8]| {
        digits.iter().fold(0, |id, digit| {
            let value = DIGITS.bytes().position(|known| known == *digit);
            id << BITS
                | value
                    .and_then(|value| i64::try_from(value).ok())
                    .unwrap_or_default()
        })
    };
    bytes.map(id).collect()
}

/// Returns the path of the comment above the one with this path, which is empty for none.
#[must_use]
pub(super) fn above(path: &str) -> &str {
    let length = path.len().saturating_sub(WIDTH);
    path.get(..length).unwrap_or_default()
}

/// Returns a text that is greater than all paths below `path`, and smaller than the path after them.
#[must_use]
pub(super) fn end(path: &str) -> String {
    format!("{path}{END}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_paths_is_that_of_the_tree() {
        let root = below("", 5);
        assert_eq!((above(&root), above(&below(&root, 6))), ("", root.as_str()));
        let first = below(&root, 6);
        let answer = below(&first, 31);
        let second = below(&root, 7);
        let later = below(&root, 32);
        let paths = [&root, &first, &answer, &second, &later, &below("", 33)];
        assert!(paths.is_sorted(), "{paths:?}");
        assert!(answer > first && answer < end(&first) && second > end(&first));
    }

    #[test]
    fn the_ids_in_a_path_are_those_that_it_was_made_of() {
        let ids_of = [1, 31, 32, 1 << 40, 7, 8, 9, 10];
        let path = ids_of
            .into_iter()
            .fold(String::new(), |path, id| below(&path, id));
        assert_eq!(ids(&path), ids_of);
        assert_eq!(path.len(), 72);
        assert_eq!(ids(""), Vec::<i64>::new());
    }
}
