//! Topics: what a page shows, so that a change makes only the cached pages outdated that show it.

use std::fmt;

/// Something that pages show and that changes as a whole.
///
/// A use-case that reads for a page says so with [`Scope::reads`](crate::Scope::reads), and one that changes
/// something with [`Transaction::invalidate`](super::db::Transaction::invalidate).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Everything, for changes that have no other topic, such as an import.
    Everything,
    /// The lists of all posts, authors and tags.
    Site,
    /// The settings of the site, which every page shows.
    Settings,
    /// The static pages.
    Pages,
    /// The redirects.
    Redirects,
    /// The post with this id.
    Post(i64),
    /// The user with this id: their name, avatar, profile and list of posts.
    User(i64),
    /// The list of the posts with the tag with this id.
    Tag(i64),
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => formatter.write_str("everything"),
            Self::Site => formatter.write_str("site"),
            Self::Settings => formatter.write_str("settings"),
            Self::Pages => formatter.write_str("pages"),
            Self::Redirects => formatter.write_str("redirects"),
            Self::Post(id) => write!(formatter, "post:{id}"),
            Self::User(id) => write!(formatter, "user:{id}"),
            Self::Tag(id) => write!(formatter, "tag:{id}"),
        }
    }
}

impl Topic {
    /// Parses a topic that was written with [`Display`](fmt::Display). One that is unknown, because another version of
    /// the program wrote it, is [`Topic::Everything`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let known = match text.split_once(':') {
            None => match text {
                "site" => Some(Self::Site),
                "settings" => Some(Self::Settings),
                "pages" => Some(Self::Pages),
                "redirects" => Some(Self::Redirects),
                _ => None,
            },
            Some((kind, id)) => id.parse().ok().and_then(|id| match kind {
                "post" => Some(Self::Post(id)),
                "user" => Some(Self::User(id)),
                "tag" => Some(Self::Tag(id)),
                _ => None,
            }),
        };
        known.unwrap_or(Self::Everything)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_read_as_it_was_written() {
        for topic in [
            Topic::Everything,
            Topic::Site,
            Topic::Settings,
            Topic::Pages,
            Topic::Redirects,
            Topic::Post(1),
            Topic::User(23),
            Topic::Tag(i64::MAX),
        ] {
            assert_eq!(Topic::parse(&topic.to_string()), topic);
        }
    }

    #[test]
    fn an_unknown_topic_is_everything() {
        for unknown in ["", "comment:1", "post:", "post:x", "post", "site:1", "post:1:2"] {
            assert_eq!(Topic::parse(unknown), Topic::Everything, "{unknown}");
        }
    }
}
