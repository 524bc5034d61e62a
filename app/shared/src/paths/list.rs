//! The paths of lists, and of the pages that they are divided into.

use super::{EXPLORE, REDIRECTS, SEGMENT};
use crate::model::{feed::FeedFormat, position::Position};
use percent_encoding::utf8_percent_encode;

/// Returns the path of the feed of the list at `path` in this `format`.
#[must_use]
pub fn feed(path: &str, format: FeedFormat) -> String {
    format!("{}/{}", path.trim_end_matches('/'), format.file())
}

/// Returns the path of page `number` of the list at `path`; the first page has no query parameter.
#[must_use]
pub fn numbered(path: &str, number: u64) -> String {
    match number {
        0..=1 => path.to_owned(),
        // A search already has a query.
        _ if path.contains('?') => format!("{path}&page={number}"),
        _ => format!("{path}?page={number}"),
    }
}

/// Returns the path of the page at `position` of the list at `path`; the newest entries have no query parameter.
#[must_use]
pub fn positioned(path: &str, position: Position) -> String {
    match position {
        Position::Newest => path.to_owned(),
        Position::Older(_) | Position::Newer(_) => format!("{path}?page={position}"),
    }
}

/// Returns the path of the authors whose usernames contain a word that begins with `name`, or of all authors.
#[must_use]
pub fn search_authors(name: &str) -> String {
    match name {
        "" => EXPLORE.to_owned(),
        name => format!("{EXPLORE}?q={}", utf8_percent_encode(name, SEGMENT)),
    }
}

/// Returns the path of the posts with the tag `name`.
#[must_use]
pub fn tag(name: &str) -> String {
    format!("/tag/{}", utf8_percent_encode(name, SEGMENT))
}

/// Returns the path of a profile.
#[must_use]
pub fn user(username: &str) -> String {
    format!("/user/{}", utf8_percent_encode(username, SEGMENT))
}

/// Returns the path of the redirect of `path` in the list of redirects.
#[must_use]
pub fn search_redirects(path: &str) -> String {
    format!("{REDIRECTS}?path={}", utf8_percent_encode(path, SEGMENT))
}
