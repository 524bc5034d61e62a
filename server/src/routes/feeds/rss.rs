//! Writes RSS 2.0 feeds, with the common extensions for full texts, names of authors, and the feed's own address.

use std::io;

use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{Channel, xml::Xml};

/// Returns `channel` as an RSS feed.
pub(super) fn written(channel: &Channel<'_>) -> io::Result<String> {
    let mut xml = Xml::with_capacity(channel.estimated_len())?;
    xml.open(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:atom", "http://www.w3.org/2005/Atom"),
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:slash", "http://purl.org/rss/1.0/modules/slash/"),
        ],
    )?;
    xml.open("channel", &[])?;
    xml.text("title", &[], &channel.title)?;
    xml.text("link", &[], &channel.page)?;
    xml.text("description", &[], &channel.site.description)?;
    xml.text("language", &[], &channel.site.language)?;
    xml.text("lastBuildDate", &[], &date(channel.feed.updated_at)?)?;
    xml.empty(
        "atom:link",
        &[
            ("rel", "self"),
            ("type", "application/rss+xml"),
            ("href", &channel.own),
        ],
    )?;
    if let Some(hub) = channel.hub {
        xml.empty("atom:link", &[("rel", "hub"), ("href", hub)])?;
    }
    for entry in &channel.feed.entries {
        let card = &entry.card;
        xml.open("item", &[])?;
        xml.text("title", &[], &card.title)?;
        xml.text("link", &[], &channel.address(entry))?;
        xml.text("guid", &[("isPermaLink", "false")], &channel.id(entry))?;
        xml.text("pubDate", &[], &date(card.created_at)?)?;
        xml.text("dc:creator", &[], card.author.name())?;
        if let Some((page, _)) = channel.comments(entry) {
            xml.text("comments", &[], &page)?;
            xml.text("slash:comments", &[], &card.comments.to_string())?;
        }
        for tag in card.tags.names() {
            xml.text("category", &[], tag)?;
        }
        xml.text("description", &[], &card.excerpt)?;
        xml.text("content:encoded", &[], &channel.html(entry))?;
        xml.close("item")?;
    }
    xml.close("channel")?;
    xml.close("rss")?;
    xml.finish()
}

fn date(at: OffsetDateTime) -> io::Result<String> {
    at.format(&Rfc2822).map_err(io::Error::other)
}
