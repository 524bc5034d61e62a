//! Writes the metadata in the head of a page, from the page's own description.

use app::metadata::{About, Metadata};
use domain::{SiteSettings, posts::social_preview};
use memchr::memmem;
use quick_xml::escape::escape;
use shared::{
    model::{
        feed::FeedFormat,
        media::PictureSize,
        post::{Cover, PostCard},
        site::{CommentMode, SiteIdentity},
    },
    paths,
};

mod json_ld;

/// The maximum length of a description in characters, which is about as much as search engines show.
const DESCRIPTION_MAX: usize = 200;
/// The end of the head.
const END: &str = "</head>";
/// The marker that leptos writes for an empty fragment.
const MARK: &str = "<!>";

/// Returns the tags for `metadata` in the head of a page. A page without metadata gets only a description. Scripts have
/// the `nonce` of the page, although they contain only data.
pub(crate) fn render(
    metadata: Option<&Metadata>,
    nonce: Option<&str>,
    site: &SiteIdentity,
    settings: &SiteSettings,
) -> String {
    match metadata {
        Some(metadata) => tags(metadata, nonce.unwrap_or_default(), site, settings),
        None => description(described(&site.description, site)),
    }
}

/// Returns `page` with `tags` at the end of its head, as valid HTML.
pub(crate) fn added(page: &str, tags: &str) -> String {
    let mut added = String::with_capacity(page.len() + page.len() / 8 + tags.len());
    match cut(page, END) {
        Some((before, after)) => {
            push_valid(&mut added, before);
            added.push_str(tags);
            added.push_str(END);
            push_valid(&mut added, after);
        }
        None => push_valid(&mut added, page),
    }
    added
}

/// Appends `part` of a page, in which it replaces leptos' markers for empty fragments by empty comments: browsers
/// interpret the markers as such, but validators report them as errors. A marker never occurs in text, because `<` is
/// escaped there.
fn push_valid(page: &mut String, part: &str) {
    let mut rest = part;
    while let Some((before, after)) = cut(rest, MARK) {
        page.push_str(before);
        page.push_str("<!---->");
        rest = after;
    }
    page.push_str(rest);
}

/// Splits `text` at the first `mark`.
fn cut<'text>(text: &'text str, mark: &str) -> Option<(&'text str, &'text str)> {
    let at = memmem::find(text.as_bytes(), mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// Returns all tags. Each is marked as belonging to this page, so that the client removes it when it shows another
/// page.
fn tags(metadata: &Metadata, nonce: &str, site: &SiteIdentity, settings: &SiteSettings) -> String {
    let url = |path: &str| settings.site_url.absolute(path);
    let own = url(&metadata.path);
    let text = shortened(described(&metadata.description, site));
    let canonical = metadata.canonical.as_ref().unwrap_or(&own);
    let mut tags = vec![description(&text), link("canonical", canonical)];
    if !metadata.is_indexed {
        tags.push("<meta name=\"robots\" content=\"noindex\" data-page>".to_owned());
    }
    let neighbours = [("prev", &metadata.newer), ("next", &metadata.older)];
    let neighbours = neighbours
        .into_iter()
        .filter_map(|(rel, path)| Some((rel, path.as_ref()?)));
    tags.extend(neighbours.map(|(rel, path)| link(rel, &url(path))));
    tags.extend(feeds(metadata, site));
    tags.extend(source(metadata));
    tags.extend(comments_feed(metadata, site));
    let properties = open_graph(metadata, site, settings, &text, own);
    tags.extend(properties.into_iter().map(|(name, value)| {
        format!(
            "<meta property=\"{name}\" content=\"{}\" data-page>",
            escape(value)
        )
    }));
    let card = match metadata.about {
        About::Post(_) => "summary_large_image",
        About::Site | About::Person(_) => "summary",
    };
    tags.push(format!(
        "<meta name=\"twitter:card\" content=\"{card}\" data-page>"
    ));
    tags.extend(
        json_ld::for_page(metadata, site, settings)
            .into_iter()
            .map(|data| {
                // `</` would end the script, and within a script only the escapes of JSON apply.
                let data = data.to_string().replace('<', "\\u003c");
                format!("<script type=\"application/ld+json\" nonce=\"{nonce}\" data-page>{data}</script>")
            }),
    );
    tags.concat()
}

/// Returns `description`, or the name of the site if it is empty.
fn described<'text>(description: &'text str, site: &'text SiteIdentity) -> &'text str {
    if description.is_empty() {
        &site.name
    } else {
        description
    }
}

/// Returns the feeds of the whole site and those of the page.
fn feeds(metadata: &Metadata, site: &SiteIdentity) -> impl Iterator<Item = String> {
    let all = (paths::HOME.to_owned(), site.name.clone());
    let lists = std::iter::once(all).chain(metadata.feeds.clone());
    lists.flat_map(|(list, name)| {
        FeedFormat::ALL.map(|format| {
            format!(
                "<link rel=\"alternate\" type=\"{}\" title=\"{}\" href=\"{}\" data-page>",
                format.media_type(),
                escape(name.as_str()),
                escape(paths::feed(&list, format))
            )
        })
    })
}

/// Returns the link to the Markdown source of a post.
fn source(metadata: &Metadata) -> Option<String> {
    let About::Post(card) = &metadata.about else {
        return None;
    };
    let address = paths::post_source(&card.post);
    Some(format!(
        "<link rel=\"alternate\" type=\"text/markdown\" href=\"{}\" data-page>",
        escape(address)
    ))
}

/// Returns the link to the feed of the comments on a post, if everybody can read them.
fn comments_feed(metadata: &Metadata, site: &SiteIdentity) -> Option<String> {
    let About::Post(card) = &metadata.about else {
        return None;
    };
    let are_public = site.comments == CommentMode::Open && metadata.is_indexed;
    are_public.then(|| {
        format!(
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Comments on {}\" href=\"{}\" data-page>",
            escape(card.title.as_str()),
            escape(paths::comments_feed(&card.post))
        )
    })
}

/// Returns the Open Graph properties (ogp.me).
fn open_graph(
    metadata: &Metadata,
    site: &SiteIdentity,
    settings: &SiteSettings,
    text: &str,
    own: String,
) -> Vec<(&'static str, String)> {
    let url = |path: &str| settings.site_url.absolute(path);
    let title = if metadata.title.is_empty() {
        &site.name
    } else {
        &metadata.title
    };
    let mut properties = vec![
        ("og:site_name", site.name.clone()),
        ("og:title", title.to_owned()),
        ("og:description", text.to_owned()),
        ("og:url", own),
    ];
    match &metadata.about {
        About::Site => properties.push(("og:type", "website".to_owned())),
        About::Post(post) => {
            let time = json_ld::date;
            let picture = SharedPicture::of(post, site);
            properties.extend([
                ("og:type", "article".to_owned()),
                ("og:image", url(&picture.path)),
                ("og:image:width", picture.width.to_string()),
                ("og:image:height", picture.height.to_string()),
                ("og:image:alt", picture.alt),
                ("article:published_time", time(post.created_at)),
                ("article:modified_time", time(post.updated_at)),
                ("article:author", url(&paths::user(&post.author.username))),
            ]);
            properties.extend(post.tags.names().iter().map(|tag| ("article:tag", tag.clone())));
        }
        About::Person(person) => {
            properties.push(("og:type", "profile".to_owned()));
            properties.push(("profile:username", person.username.clone()));
            if let Some(picture) = &person.picture {
                properties.push(("og:image", url(&paths::picture(picture, PictureSize::Large))));
            }
        }
    }
    properties
}

/// The picture of a post in link previews and structured data: its cover, or else the one that is drawn for it.
struct SharedPicture {
    path: String,
    width: u32,
    height: u32,
    alt: String,
}

impl SharedPicture {
    fn of(post: &PostCard, site: &SiteIdentity) -> Self {
        match &post.cover {
            Some(Cover { image, alt, .. }) => Self {
                path: paths::image(image),
                width: image.width,
                height: image.height,
                alt: if alt.is_empty() { &post.title } else { alt }.clone(),
            },
            None => Self {
                path: social_preview::path(&site.name, post),
                width: social_preview::WIDTH,
                height: social_preview::HEIGHT,
                alt: format!("“{}” by {}", post.title, post.author.name()),
            },
        }
    }
}

fn description(text: &str) -> String {
    format!(
        "<meta name=\"description\" content=\"{}\" data-page>",
        escape(text)
    )
}

fn link(rel: &str, address: &str) -> String {
    format!("<link rel=\"{rel}\" href=\"{}\" data-page>", escape(address))
}

/// Returns `text` on one line of at most [`DESCRIPTION_MAX`] characters, cut between words.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION_MAX {
        return line;
    }
    let cut: String = line.chars().take(DESCRIPTION_MAX - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_one_line_cut_between_words() {
        assert_eq!(shortened(" a\n b "), "a b");
        let long = shortened(&"word ".repeat(100));
        assert!(
            long.chars().count() <= DESCRIPTION_MAX && long.ends_with("word…"),
            "{long}"
        );
        assert_eq!(shortened(&"é".repeat(300)).chars().count(), DESCRIPTION_MAX);
    }
}
