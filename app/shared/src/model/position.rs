//! Positions in lists with the links "Newer" and "Older".

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The position of an entry in its list: by time, and within one second by id. It stays valid after the entry was
/// removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::FromQueryResult))]
pub struct Cursor {
    /// The time, in whole seconds.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// The id.
    pub id: i64,
}

/// The position of a page in its list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// The page with the newest entries.
    #[default]
    Newest,
    /// The page with the entries just older than this one.
    Older(Cursor),
    /// The page with the entries just newer than this one.
    Newer(Cursor),
}

impl Position {
    /// Parses the position of a query: the newest entries if there is none, `None` if it is not valid.
    #[must_use]
    pub fn parse(query: Option<&str>) -> Option<Self> {
        let text = query.unwrap_or_default();
        let position = if text.is_empty() {
            Self::Newest
        } else {
            let (direction, cursor) = text.split_once('-')?;
            let (seconds, id) = cursor.split_once('-')?;
            let at = OffsetDateTime::from_unix_timestamp(seconds.parse().ok()?).ok()?;
            let cursor = Cursor {
                at,
                id: id.parse().ok()?,
            };
            match direction {
                "older" => Self::Older(cursor),
                "newer" => Self::Newer(cursor),
                _ => return None,
            }
        };
        // Only one text leads to each page.
        (position.to_string() == text).then_some(position)
    }
}

impl std::fmt::Display for Position {
    /// Writes the position for a query, nothing for the newest entries.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (direction, cursor) = match self {
            Self::Newest => return Ok(()),
            Self::Older(cursor) => ("older", cursor),
            Self::Newer(cursor) => ("newer", cursor),
        };
        write!(
            formatter,
            "{direction}-{}-{}",
            cursor.at.unix_timestamp(),
            cursor.id
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_survives_its_way_through_an_address() {
        let cursor = Cursor {
            at: OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000),
            id: 17,
        };
        for (position, text) in [
            (Position::Newest, ""),
            (Position::Older(cursor), "older-1728000000-17"),
            (Position::Newer(cursor), "newer-1728000000-17"),
        ] {
            assert_eq!(position.to_string(), text);
            assert_eq!(Position::parse(Some(text)), Some(position));
        }
        assert_eq!(Position::parse(None), Some(Position::Newest));
    }

    #[test]
    fn what_is_no_position_is_none() {
        for bad in [
            "2",
            "older",
            "older-1",
            "older-1-",
            "older--1",
            "older-1-2-3",
            "older-01-2",
            "older-+1-2",
            "older-1-x",
            "older-1-2 ",
            "Older-1-2",
            "oldest-1-2",
            "older-99999999999999-2",
            "older-1-99999999999999999999",
            "older-１-2",
        ] {
            assert_eq!(Position::parse(Some(bad)), None, "{bad:?}");
        }
    }
}
