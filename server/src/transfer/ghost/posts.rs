//! Imports posts and pages.

use std::collections::HashMap;

use shared::model::post::Visibility;
use time::OffsetDateTime;

use super::{
    Addresses, CommentsOf, ExternalSite, Fields, People, TagsOf,
    text::{self, Sources},
};
use crate::transfer::{
    external_format::{FOR_SEARCHES, FeatureImage, Kind, Text},
    growth::TOO_LONG,
};

/// The columns of a post that have no counterpart here.
const LEFT_OUT: &[(&str, &[&str])] = &[
    (
        "code injection left out",
        &["codeinjection_head", "codeinjection_foot"],
    ),
    (
        FOR_SEARCHES,
        &[
            "meta_title",
            "meta_description",
            "og_title",
            "og_description",
            "og_image",
            "twitter_title",
            "twitter_description",
            "twitter_image",
        ],
    ),
    ("template left out", &["custom_template"]),
];

/// Adds the posts and pages in the two tables to `site`. The second table contains additional columns for some of the
/// posts.
pub(super) fn add<'a>(
    site: &mut ExternalSite,
    (posts, more): (impl Iterator<Item = Fields<'a>>, impl Iterator<Item = Fields<'a>>),
    mut people: People,
    tags: &mut TagsOf,
    comments: &mut CommentsOf,
    addresses: &mut Addresses<'_>,
) {
    let mut more: HashMap<String, Fields<'_>> =
        more.filter_map(|row| Some((row.id("post_id")?, row))).collect();
    for post in posts {
        let id = post.id("id").unwrap_or_default();
        let more = more.remove(&id);
        site.growth.begin_text();
        let title = site.titled(post.text("title"));
        let author = people.author_of(site, post, &title);
        let html = html(site, post, &title, addresses);
        let excerpt = post.text("custom_excerpt");
        let canonical = canonical(post, more);
        note_left_out(site, post, &title, more);
        let readers = readers(site, post, &title);
        let feature_image = feature_image(site, post, &title, more, addresses);
        site.add_text(Text {
            kind: kind(post),
            title,
            slug: post.text("slug").to_owned(),
            address: addresses.of_text(post.text("slug")),
            old_path: addresses.path_of(post.text("slug")),
            author,
            tags: tags.take(&id),
            excerpt: if begins_with(&html, excerpt) { "" } else { excerpt }.to_owned(),
            canonical,
            feature_image,
            html,
            created_at: begun_at(post),
            updated_at: post.moment("updated_at"),
            is_published: readers.is_some(),
            visibility: readers.unwrap_or_default(),
            comments: comments.take(&id),
            has_closed_comments: false,
        });
    }
}

/// Returns when the post was published, or when it was begun if it is a draft.
fn begun_at(post: Fields<'_>) -> Option<OffsetDateTime> {
    let (published, created) = (post.moment("published_at"), post.moment("created_at"));
    if ["published", "sent"].contains(&post.text("status")) {
        published.or(created)
    } else {
        created.or(published)
    }
}

fn kind(post: Fields<'_>) -> Kind {
    if post.text("type") == "page" || post.is_set("page") {
        Kind::Page
    } else {
        Kind::Post
    }
}

/// Returns the text as HTML, and notes the parts of it that are lost.
fn html(site: &mut ExternalSite, post: Fields<'_>, title: &str, addresses: &mut Addresses<'_>) -> String {
    let sources = Sources {
        html: post.raw_text("html"),
        lexical: post.raw_text("lexical"),
        mobiledoc: post.raw_text("mobiledoc"),
        markdown: post.raw_text("markdown"),
        plaintext: post.raw_text("plaintext"),
    };
    let written = text::write(sources, &mut site.growth);
    for ((what, which), count) in written.lost {
        site.note_all(title, what, &which, count);
    }
    addresses.whole(&written.html).into_owned()
}

/// Returns who may read the post, or `None` if it becomes a draft. If it was published, notes the reason.
fn readers(site: &mut ExternalSite, post: Fields<'_>, title: &str) -> Option<Visibility> {
    let (status, visibility) = (post.text("status"), post.text("visibility"));
    let reason = match (status, visibility) {
        ("published", "" | "public") => return Some(Visibility::Public),
        // Pages are for everybody.
        ("published", "members") if kind(post) == Kind::Post => return Some(Visibility::Members),
        ("published", _) => {
            let what = "post for some people only that is now a draft";
            site.note_which(title, what, visibility);
            return None;
        }
        ("scheduled", _) => "scheduled post that is now a draft",
        ("sent", _) => "newsletter that is now a draft",
        _ => return None,
    };
    site.note(title, reason);
    None
}

/// Returns the address at which the post was published first, which may be in either table; empty if there is none.
fn canonical(post: Fields<'_>, more: Option<Fields<'_>>) -> String {
    let addresses = [Some(post), more].into_iter().flatten();
    let mut addresses = addresses.map(|row| row.text("canonical_url"));
    let address = addresses.find(|address| !address.is_empty());
    address.unwrap_or_default().to_owned()
}

fn feature_image(
    site: &mut ExternalSite,
    post: Fields<'_>,
    title: &str,
    more: Option<Fields<'_>>,
    addresses: &mut Addresses<'_>,
) -> Option<FeatureImage> {
    let address = post.first_text(&["feature_image", "image"]);
    if address.is_empty() {
        return None;
    }
    let about = |name| more.map_or("", |more| more.text(name));
    let (address, alt) = (addresses.whole_one(address), about("feature_image_alt"));
    let caption = addresses.whole(about("feature_image_caption"));
    let image = FeatureImage::new(&address, alt, &caption, &mut site.growth);
    site.note_some(title, TOO_LONG, usize::from(image.is_none()));
    image
}

fn note_left_out(site: &mut ExternalSite, post: Fields<'_>, title: &str, more: Option<Fields<'_>>) {
    let has = |(_, fields): &&(&str, &[&str])| {
        let in_more = more.is_some_and(|more| !more.first_text(fields).is_empty());
        in_more || !post.first_text(fields).is_empty()
    };
    for (what, _) in LEFT_OUT.iter().filter(has) {
        site.note(title, *what);
    }
    if post.is_set("featured") {
        site.note(title, "“featured” mark left out");
    }
}

/// Returns whether the text in `html` begins with the words of `excerpt`, or `excerpt` is empty.
fn begins_with(html: &str, excerpt: &str) -> bool {
    let mut is_tag = false;
    let mut text = html
        .chars()
        .filter(move |char| {
            let is_text = !is_tag && *char != '<';
            is_tag = if is_tag { *char != '>' } else { *char == '<' };
            is_text
        })
        .filter(|char| char.is_alphanumeric());
    excerpt
        .chars()
        .filter(|char| char.is_alphanumeric())
        .all(|char| text.next() == Some(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_compared_with_the_words_that_a_text_begins_with() {
        let html = "<p>One, <b class=\"x\">two</b> &amp; three.</p><p>Four</p>";
        for (excerpt, begins) in [
            ("", true),
            ("One two three", false),
            ("One, two", true),
            ("Two", false),
        ] {
            assert_eq!(begins_with(html, excerpt), begins, "{excerpt}");
        }
        assert!(!begins_with("", "a"));
    }
}
