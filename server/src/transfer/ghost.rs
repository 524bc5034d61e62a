//! Imports exports of Ghost: a JSON file with its tables (Settings → Labs → Export), in the versions 0.x to 6.x.
//!
//! All versions have the same tables, but store some data in different places and formats. A missing field is read as
//! empty, so that exports of versions that are newer than this program can be read as well.

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

use self::{addresses::Addresses, comments::CommentsOf, fields::Fields, people::People, tags::TagsOf};
use super::external_format::ExternalSite;

mod addresses;
mod card;
mod comments;
mod fields;
mod json;
mod lexical;
mod markdown;
mod mobiledoc;
mod moment;
mod output;
mod people;
mod posts;
mod rest;
mod tags;
mod text;

#[derive(Deserialize)]
struct Export {
    db: Option<Vec<Database>>,
    /// The tables outside of a list, as the first versions write them.
    data: Option<Tables>,
}

#[derive(Deserialize)]
struct Database {
    data: Tables,
}

/// The tables that are read. Others are ignored.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Tables {
    users: Option<Vec<Value>>,
    posts: Option<Vec<Value>>,
    posts_meta: Option<Vec<Value>>,
    posts_authors: Option<Vec<Value>>,
    tags: Option<Vec<Value>>,
    posts_tags: Option<Vec<Value>>,
    settings: Option<Vec<Value>>,
    comments: Option<Vec<Value>>,
    members: Option<Vec<Value>>,
}

/// Reads the site in `json`, which is imported at `now`. Its address was `from`, if it is known.
pub(super) fn read(json: &str, from: Option<&str>, now: OffsetDateTime) -> Result<ExternalSite, String> {
    let read = json::read(json.trim_start_matches('\u{feff}'));
    let (export, is_cleaned): (Export, bool) =
        read.map_err(|error| format!("it is not a Ghost export ({error})"))?;
    let database = export.db.and_then(|databases| databases.into_iter().next());
    let tables = database.map(|database| database.data).or(export.data);
    let tables = tables.ok_or("it is not a Ghost export: there is no site in it")?;

    let mut site = ExternalSite::new(now, json.len());
    if is_cleaned {
        site.note("", "characters that are not allowed in a text left out");
    }
    let people = People::add(
        &mut site,
        rows(tables.users.as_deref()),
        rows(tables.posts_authors.as_deref()),
    );
    let mut tags = TagsOf::read(
        &mut site,
        rows(tables.tags.as_deref()),
        rows(tables.posts_tags.as_deref()),
    );
    let mut addresses = Addresses::new(from);
    let mut comments = CommentsOf::read(
        &mut site,
        rows(tables.comments.as_deref()),
        rows(tables.members.as_deref()),
    );
    if tables.comments.is_none() {
        site.note("", "comments, if there are any, which are not in the file");
    }
    posts::add(
        &mut site,
        (rows(tables.posts.as_deref()), rows(tables.posts_meta.as_deref())),
        people,
        &mut tags,
        &mut comments,
        &mut addresses,
    );
    rest::note(&mut site, rows(tables.settings.as_deref()));
    addresses.note(&mut site);
    Ok(site)
}

/// Returns the rows of a table.
fn rows(table: Option<&[Value]>) -> impl Iterator<Item = Fields<'_>> + Clone {
    table.unwrap_or_default().iter().map(Fields)
}
