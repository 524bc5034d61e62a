//! What Ghost exports: a JSON file with its tables (Settings → Labs → Export).

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::foreign::{Foreign, Text};

#[derive(Deserialize)]
struct Export {
    db: Vec<Database>,
}

#[derive(Deserialize)]
struct Database {
    data: Tables,
}

#[derive(Deserialize)]
struct Tables {
    #[serde(default)]
    users: Vec<User>,
    #[serde(default)]
    posts: Vec<Post>,
    #[serde(default)]
    posts_authors: Vec<Authorship>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    posts_tags: Vec<Tagging>,
}

#[derive(Deserialize)]
struct User {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    email: String,
    bio: Option<String>,
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct Post {
    #[serde(deserialize_with = "id")]
    id: String,
    title: String,
    #[serde(default)]
    slug: String,
    html: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    status: String,
    visibility: Option<String>,
    /// Older versions have it here.
    #[serde(default, deserialize_with = "optional_id")]
    author_id: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    published_at: Option<String>,
}

#[derive(Deserialize)]
struct Authorship {
    #[serde(deserialize_with = "id")]
    post_id: String,
    #[serde(deserialize_with = "id")]
    author_id: String,
    #[serde(default)]
    sort_order: i64,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(deserialize_with = "id")]
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Tagging {
    #[serde(deserialize_with = "id")]
    post_id: String,
    #[serde(deserialize_with = "id")]
    tag_id: String,
    #[serde(default)]
    sort_order: i64,
}

/// The names of each post's tags, in order. Those that begin with `#` are for the site's own use.
fn tags_of(tags: Vec<Tag>, mut taggings: Vec<Tagging>) -> HashMap<String, Vec<String>> {
    let public = tags.into_iter().filter(|tag| !tag.name.starts_with('#'));
    let names: HashMap<String, String> = public.map(|tag| (tag.id, tag.name)).collect();
    taggings.sort_by_key(|tagging| tagging.sort_order);
    let mut of: HashMap<String, Vec<String>> = HashMap::new();
    for tagging in taggings {
        if let Some(name) = names.get(&tagging.tag_id) {
            of.entry(tagging.post_id).or_default().push(name.clone());
        }
    }
    of
}

/// The site in `json`.
pub(super) fn read(json: &str) -> Result<Foreign, String> {
    let export: Export =
        serde_json::from_str(json).map_err(|error| format!("it is no export of Ghost ({error})"))?;
    let tables = export.db.into_iter().next().ok_or("there is no site in it")?.data;
    let mut site = Foreign::default();
    let mut names = HashMap::new();
    for user in &tables.users {
        let at = moment(user.created_at.as_deref()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let about = user.bio.as_deref().unwrap_or_default();
        let name = site.add_person(&user.slug, &user.email, about, at);
        names.insert(user.id.clone(), name);
    }
    let mut authors = tables.posts_authors;
    // Here a post has one author: the first.
    authors.sort_by_key(|authorship| std::cmp::Reverse(authorship.sort_order));
    let authors: HashMap<String, String> = authors
        .into_iter()
        .map(|authorship| (authorship.post_id, authorship.author_id))
        .collect();
    let mut tags = tags_of(tables.tags, tables.posts_tags);
    let anybody = names.values().min();
    for post in tables.posts {
        // Pages are no posts.
        if post.kind.as_deref().is_some_and(|kind| kind != "post") {
            continue;
        }
        let author = authors.get(&post.id).or(post.author_id.as_ref());
        let author = author.and_then(|id| names.get(id)).or(anybody);
        let Some(author) = author.cloned() else {
            return Err("there is nobody in it who could have written its posts".to_owned());
        };
        site.add_text(Text {
            title: post.title,
            slug: post.slug,
            author,
            tags: tags.remove(&post.id).unwrap_or_default(),
            html: post.html.unwrap_or_default(),
            created_at: moment(post.published_at.as_deref()).or(moment(post.created_at.as_deref())),
            updated_at: moment(post.updated_at.as_deref()),
            // What was for paying members alone is not everybody's here.
            is_published: post.status == "published"
                && post.visibility.is_none_or(|visibility| visibility == "public"),
            ..Text::default()
        });
    }
    Ok(site)
}

/// A moment: RFC 3339, or as its database writes it, in UTC.
fn moment(text: Option<&str>) -> Option<OffsetDateTime> {
    let text = text?;
    let parsed = OffsetDateTime::parse(text, &Rfc3339);
    let parsed = parsed.or_else(|_| OffsetDateTime::parse(&format!("{}Z", text.replace(' ', "T")), &Rfc3339));
    parsed.ok()?.replace_nanosecond(0).ok()
}

/// A number or a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Number(i64),
    Text(String),
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        match id {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => text,
        }
    }
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Id::deserialize(deserializer).map(String::from)
}

fn optional_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Id>::deserialize(deserializer)?.map(String::from))
}
