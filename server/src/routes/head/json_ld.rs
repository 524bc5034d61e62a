//! Structured data for search engines, in the vocabulary of schema.org as JSON-LD.

use app::metadata::{About, Metadata, Person};
use domain::{SiteSettings, markdown};
use serde_json::{Value, json};
use shared::{
    model::{
        account::since, comment::CommentFacts, media::PictureSize, post::PostCard, profile::shown_name,
        site::SiteIdentity,
    },
    paths,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::SharedPicture;

/// Returns the structured data of the page.
pub(super) fn for_page(metadata: &Metadata, identity: &SiteIdentity, settings: &SiteSettings) -> Vec<Value> {
    match &metadata.about {
        About::Site if metadata.path == paths::HOME => vec![site(identity, settings)],
        About::Site => Vec::new(),
        About::Post(card) => {
            let comments = &metadata.comments;
            vec![
                posting(card, comments, identity, settings),
                trail(card, identity, settings),
            ]
        }
        About::Person(person) => vec![profile(person, settings)],
    }
}

/// Formats `at` according to RFC 3339.
pub(super) fn date(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

fn site(identity: &SiteIdentity, settings: &SiteSettings) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": identity.name,
        "description": identity.description,
        "url": settings.site_url.absolute(paths::HOME),
    })
}

fn posting(
    post: &PostCard,
    comments: &[CommentFacts],
    identity: &SiteIdentity,
    settings: &SiteSettings,
) -> Value {
    let address = settings.site_url.absolute(&paths::post(&post.post));
    let language = if post.language.is_empty() {
        &identity.language
    } else {
        &post.language
    };
    let mut posting = json!({
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.excerpt,
        "url": address,
        "mainEntityOfPage": address,
        "image": settings.site_url.absolute(&SharedPicture::of(post, identity).path),
        "inLanguage": language,
        "datePublished": date(post.created_at),
        "dateModified": date(post.updated_at),
        "wordCount": post.words,
        "keywords": post.tags.names(),
        "author": {
            "@type": "Person",
            "name": post.author.name(),
            "url": settings.site_url.absolute(&paths::user(&post.author.username)),
        },
        "publisher": { "@type": "Organization", "name": identity.name, "url": settings.site_url.absolute(paths::HOME) },
    });
    if let Some(posting) = posting.as_object_mut().filter(|_| post.comments > 0) {
        let comments = comments.iter().map(|facts| comment(facts, settings));
        posting.insert("commentCount".to_owned(), json!(post.comments));
        posting.insert("comment".to_owned(), comments.collect());
    }
    posting
}

fn comment(facts: &CommentFacts, settings: &SiteSettings) -> Value {
    let mut author = json!({ "@type": "Person", "name": facts.author });
    if let (Some(username), Some(author)) = (&facts.username, author.as_object_mut()) {
        let profile = settings.site_url.absolute(&paths::user(username));
        author.insert("url".to_owned(), json!(profile));
    }
    json!({
        "@type": "Comment",
        "url": settings.site_url.absolute(&paths::comment(facts.id)),
        "text": markdown::excerpt_of(&facts.html),
        "dateCreated": date(facts.created_at),
        "author": author,
    })
}

/// Returns the breadcrumb trail of a post: the site, its author, and itself.
fn trail(card: &PostCard, identity: &SiteIdentity, settings: &SiteSettings) -> Value {
    let steps = [
        (identity.name.as_str(), paths::HOME.to_owned()),
        (card.author.name(), paths::user(&card.author.username)),
        (&card.title, paths::post(&card.post)),
    ];
    let items: Vec<Value> = (1..)
        .zip(steps)
        .map(|(position, (name, path))| {
            json!({
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": settings.site_url.absolute(&path),
            })
        })
        .collect();
    json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items })
}

fn profile(person: &Person, settings: &SiteSettings) -> Value {
    let mut who = json!({
        "@type": "Person",
        "name": shown_name(person.details.display_name.as_deref(), &person.username),
        "url": settings.site_url.absolute(&paths::user(&person.username)),
    });
    if let Some(who) = who.as_object_mut() {
        if person.details.display_name.is_some() {
            who.insert("alternateName".to_owned(), json!(person.username));
        }
        let website = std::iter::once(&person.details.website).filter(|website| !website.is_empty());
        let same: Vec<&String> = website.chain(&person.details.links).collect();
        if !same.is_empty() {
            who.insert("sameAs".to_owned(), json!(same));
        }
        if !person.about.is_empty() {
            who.insert("description".to_owned(), json!(person.about));
        }
        if let Some(picture) = &person.picture {
            let address = settings
                .site_url
                .absolute(&paths::picture(picture, PictureSize::Large));
            who.insert("image".to_owned(), json!(address));
        }
    }
    let mut page = json!({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "mainEntity": who,
    });
    if let Some(since) = since(person.created_at)
        && let Some(page) = page.as_object_mut()
    {
        page.insert("dateCreated".to_owned(), json!(date(since)));
    }
    page
}
