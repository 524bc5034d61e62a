//! Writes feeds in JSON Feed 1.1 (jsonfeed.org).

use std::io;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Channel, Entry};

/// Returns `channel` as a JSON feed.
pub(super) fn written(channel: &Channel<'_>) -> io::Result<String> {
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.own,
        "description": channel.site.description,
        "language": channel.site.language,
    });
    if let (Some(hub), Some(feed)) = (channel.hub, feed.as_object_mut()) {
        feed.insert("hubs".to_owned(), json!([{ "type": "WebSub", "url": hub }]));
    }
    let mut json = Vec::with_capacity(channel.estimated_len());
    serde_json::to_writer(&mut json, &feed)?;
    // The items are serialized one by one, so that there is no second copy of all texts.
    json.pop();
    json.extend_from_slice(b",\"items\":[");
    for (number, entry) in channel.feed.entries.iter().enumerate() {
        if number > 0 {
            json.push(b',');
        }
        serde_json::to_writer(&mut json, &item(channel, entry)?)?;
    }
    json.extend_from_slice(b"]}");
    String::from_utf8(json).map_err(io::Error::other)
}

fn item(channel: &Channel<'_>, entry: &Entry) -> io::Result<Value> {
    let card = &entry.card;
    let mut item = json!({
        "id": channel.id(entry),
        "url": channel.address(entry),
        "title": card.title,
        "content_html": channel.html(entry),
        "summary": card.excerpt,
        "date_published": date(card.created_at)?,
        "date_modified": date(card.updated_at)?,
        "authors": [{ "name": card.author.name(), "url": channel.author(entry) }],
        "tags": card.tags.names(),
    });
    let cover = card.cover.as_ref().map(|cover| channel.picture(cover));
    let language = Some(card.language.clone()).filter(|language| !language.is_empty());
    if let Some(members) = item.as_object_mut() {
        let optional = [("image", cover), ("language", language)];
        let given = optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        members.extend(given.map(|(name, value)| (name.to_owned(), Value::from(value))));
    }
    Ok(item)
}

fn date(at: OffsetDateTime) -> io::Result<String> {
    at.format(&Rfc3339).map_err(io::Error::other)
}
