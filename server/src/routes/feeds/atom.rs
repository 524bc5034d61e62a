//! Writes Atom feeds (RFC 4287).

use std::io;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Channel, xml::Xml};

/// The namespace of threads (RFC 4685).
pub(super) const THREADS: &str = "http://purl.org/syndication/thread/1.0";

/// Returns `channel` as an Atom feed.
pub(super) fn written(channel: &Channel<'_>) -> io::Result<String> {
    let mut xml = Xml::with_capacity(channel.estimated_len())?;
    xml.open(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xmlns:thr", THREADS),
            ("xml:lang", &channel.site.language),
        ],
    )?;
    xml.text("title", &[], &channel.title)?;
    if !channel.site.description.is_empty() {
        xml.text("subtitle", &[], &channel.site.description)?;
    }
    xml.text("id", &[], &channel.id)?;
    xml.text("updated", &[], &date(channel.feed.updated_at)?)?;
    xml.empty(
        "link",
        &[
            ("rel", "self"),
            ("type", "application/atom+xml"),
            ("href", &channel.own),
        ],
    )?;
    xml.empty(
        "link",
        &[
            ("rel", "alternate"),
            ("type", "text/html"),
            ("href", &channel.page),
        ],
    )?;
    if let Some(hub) = channel.hub {
        xml.empty("link", &[("rel", "hub"), ("href", hub)])?;
    }
    for entry in &channel.feed.entries {
        let card = &entry.card;
        let language = ("xml:lang", card.language.as_str());
        let attributes = if card.language.is_empty() {
            &[][..]
        } else {
            &[language]
        };
        xml.open("entry", attributes)?;
        xml.text("title", &[], &card.title)?;
        xml.text("id", &[], &channel.id(entry))?;
        xml.empty(
            "link",
            &[
                ("rel", "alternate"),
                ("type", "text/html"),
                ("href", &channel.address(entry)),
            ],
        )?;
        if let Some((page, feed)) = channel.comments(entry) {
            let count = card.comments.to_string();
            for (media_type, address) in [("text/html", page), ("application/atom+xml", feed)] {
                let attributes = [
                    ("rel", "replies"),
                    ("type", media_type),
                    ("href", &address),
                    ("thr:count", &count),
                ];
                xml.empty("link", &attributes)?;
            }
        }
        xml.text("published", &[], &date(card.created_at)?)?;
        xml.text("updated", &[], &date(card.updated_at)?)?;
        xml.open("author", &[])?;
        xml.text("name", &[], card.author.name())?;
        xml.text("uri", &[], &channel.author(entry))?;
        xml.close("author")?;
        for tag in card.tags.names() {
            xml.empty("category", &[("term", tag)])?;
        }
        xml.text("summary", &[], &card.excerpt)?;
        xml.text("content", &[("type", "html")], &channel.html(entry))?;
        xml.close("entry")?;
    }
    xml.close("feed")?;
    xml.finish()
}

pub(super) fn date(at: OffsetDateTime) -> io::Result<String> {
    at.format(&Rfc3339).map_err(io::Error::other)
}
