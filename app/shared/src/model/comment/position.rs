//! Positions of pages of comments.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The word for the order in which the newest threads come first.
const NEWEST: &str = "newest";
/// The word for the other order.
const OLDEST: &str = "oldest";

/// The order of the threads below a post, and the thread after which a page begins. In the address it is one word, such as
/// `newest`, `oldest-12` or `newest-12`; empty for the first page with the oldest threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CommentsPosition {
    /// Whether the newest threads come first.
    pub is_newest_first: bool,
    /// The id of the first comment of the thread after which the page begins; `None` for the first page.
    pub after: Option<i64>,
}

impl CommentsPosition {
    /// The first page with the newest threads.
    pub const NEWEST: Self = Self {
        is_newest_first: true,
        after: None,
    };

    /// Parses the position in an address. Returns `None` if it is not valid.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Option<Self> {
        let text = match text {
            None | Some("") => return Some(Self::default()),
            Some(text) => text,
        };
        let (order, after) = match text.split_once('-') {
            Some((order, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                (order, Some(digits.parse().ok()?))
            }
            Some(_) => return None,
            None => (text, None),
        };
        match (order, after) {
            (NEWEST, after) => Some(Self {
                is_newest_first: true,
                after,
            }),
            (OLDEST, Some(_)) => Some(Self {
                is_newest_first: false,
                after,
            }),
            _ => None,
        }
    }

    /// Returns whether it is that of a first page.
    #[must_use]
    pub const fn is_first(self) -> bool {
        self.after.is_none()
    }
}

impl fmt::Display for CommentsPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_newest_first, self.after) {
            (false, None) => Ok(()),
            (true, None) => formatter.write_str(NEWEST),
            (true, Some(id)) => write!(formatter, "{NEWEST}-{id}"),
            (false, Some(id)) => write!(formatter, "{OLDEST}-{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_it_was_written() {
        for is_newest_first in [false, true] {
            for after in [None, Some(0), Some(12), Some(i64::MAX)] {
                let position = CommentsPosition {
                    is_newest_first,
                    after,
                };
                assert_eq!(
                    CommentsPosition::parse(Some(&position.to_string())),
                    Some(position)
                );
            }
        }
        assert_eq!(CommentsPosition::parse(None), Some(CommentsPosition::default()));
    }

    #[test]
    fn anything_else_is_no_position() {
        for wrong in [
            "oldest",
            "12",
            "newest-",
            "newest--1",
            "newest-x",
            "best",
            "best-1",
            "-1",
            "newest-99999999999999999999",
        ] {
            assert_eq!(CommentsPosition::parse(Some(wrong)), None, "{wrong}");
        }
    }
}
