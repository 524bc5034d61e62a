//! JSON Feed 1.1 (jsonfeed.org).

use std::io;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Channel, Entry};

/// `channel` as a JSON feed.
pub(super) fn written(channel: &Channel<'_>) -> io::Result<String> {
    let items: io::Result<Vec<Value>> = channel
        .feed
        .entries
        .iter()
        .map(|entry| item(channel, entry))
        .collect();
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.own,
        "language": "en",
        "items": items?,
    });
    if let (Some(hub), Some(feed)) = (channel.hub, feed.as_object_mut()) {
        feed.insert("hubs".to_owned(), json!([{ "type": "WebSub", "url": hub }]));
    }
    Ok(feed.to_string())
}

fn item(channel: &Channel<'_>, entry: &Entry) -> io::Result<Value> {
    let card = &entry.card;
    Ok(json!({
        "id": channel.id(entry),
        "url": channel.address(entry),
        "title": card.title,
        "content_html": channel.html(entry),
        "summary": card.excerpt,
        "date_published": date(card.created_at)?,
        "date_modified": date(card.updated_at)?,
        "authors": [{ "name": card.author.username, "url": channel.author(entry) }],
        "tags": card.tags.names(),
    }))
}

fn date(at: OffsetDateTime) -> io::Result<String> {
    at.format(&Rfc3339).map_err(io::Error::other)
}
