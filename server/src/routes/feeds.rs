//! The feeds of the site, of each author and of each tag. They contain the full texts of posts.

use std::{io, sync::Arc};

use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED, LINK},
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    SiteSettings, markdown,
    platform::first_origin,
    posts::feed::{Entry, Feed, Source, Texts, read, texts},
};
use quick_xml::escape::escape;
use shared::{
    error::AppError,
    model::{
        feed::FeedFormat,
        post::Cover,
        site::{CommentMode, SiteIdentity},
    },
    paths,
};

use super::pages::Pages;
use crate::http::{conditional, page_cache::Shown};

mod atom;
pub(crate) mod comments;
mod json;
mod rss;
mod seen;
mod xml;

pub(crate) use seen::Seen;

/// The version of the format of our feeds. It must be increased whenever the same posts result in a different feed.
const STYLE: u32 = 4;
/// The approximate size of an entry without its text, in bytes.
const ENTRY_HEAD: usize = 2_048;
/// The caching of feeds: readers may reuse a feed for five minutes.
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The data of a feed that all formats have in common.
struct Channel<'a> {
    /// The settings of the site.
    site: &'a SiteIdentity,
    feed: &'a Feed,
    texts: &'a Texts,
    /// The title of the list.
    title: String,
    /// The permanent id of the feed.
    id: String,
    /// The address of the list's page.
    page: String,
    /// The address of this feed.
    own: String,
    /// The WebSub hub, if any.
    hub: Option<&'a str>,
    origin: &'a str,
    /// The origin of the site at its first start, which is used in permanent ids.
    first_origin: &'a str,
}

impl Channel<'_> {
    /// Returns the cover and the text of `entry` with absolute addresses. A text that is too long is cut and ends with a
    /// link to the rest.
    fn html(&self, entry: &Entry) -> String {
        let text = self.texts.get(&entry.card.post.id);
        let text = text.map(|text| text.html(self.origin, &paths::post(&entry.card.post)));
        let cover = entry.card.cover.as_ref().map(|cover| self.figure(cover));
        cover.unwrap_or_default() + &text.unwrap_or_default()
    }

    /// Returns `cover` as HTML.
    fn figure(&self, cover: &Cover) -> String {
        let Cover { image, alt, caption } = cover;
        let caption = match caption.as_str() {
            "" => String::new(),
            caption => format!("<figcaption>{}</figcaption>", escape(caption)),
        };
        format!(
            "<figure><img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\">{caption}</figure>\n",
            self.picture(cover),
            escape(alt.as_str()),
            image.width,
            image.height
        )
    }

    /// Returns the address of `cover`.
    fn picture(&self, cover: &Cover) -> String {
        format!("{}{}", self.origin, paths::image(&cover.image))
    }

    /// Returns the approximate size of the feed, in bytes.
    fn estimated_len(&self) -> usize {
        let texts = self.texts.values();
        texts.map(|text| text.estimated_len() + ENTRY_HEAD).sum()
    }

    /// Returns the address of `entry`.
    fn address(&self, entry: &Entry) -> String {
        format!("{}{}", self.origin, paths::post(&entry.card.post))
    }

    /// Returns the permanent id of `entry`, without its slug, which may change.
    fn id(&self, entry: &Entry) -> String {
        let path = paths::short_post(entry.card.post.id);
        format!("{}{path}", self.first_origin)
    }

    /// Returns the address of the page with the comments on `entry`, and of their feed, if everybody can read them.
    fn comments(&self, entry: &Entry) -> Option<(String, String)> {
        let post = &entry.card.post;
        let whole = |path: String| format!("{}{path}", self.origin);
        let are_public = self.site.comments == CommentMode::Open;
        are_public.then(|| (whole(paths::comments(post)), whole(paths::comments_feed(post))))
    }

    /// Returns the address of the author of `entry`.
    fn author(&self, entry: &Entry) -> String {
        format!("{}{}", self.origin, paths::user(&entry.card.author.username))
    }
}

/// Serves the feed of the whole site.
pub(crate) async fn of_site(format: FeedFormat, State(pages): State<Pages>, request: Request) -> Response {
    answer(&pages, request, Source::Site, format).await
}

/// Serves the feed of the author in the address.
pub(crate) async fn of_author(
    format: FeedFormat,
    State(pages): State<Pages>,
    name: Named,
    request: Request,
) -> Response {
    answer(&pages, request, Source::Author(name_or_empty(name)), format).await
}

/// Serves the feed of the tag in the address.
pub(crate) async fn of_tag(
    format: FeedFormat,
    State(pages): State<Pages>,
    name: Named,
    request: Request,
) -> Response {
    answer(&pages, request, Source::Tag(name_or_empty(name)), format).await
}

/// The name in an address, or an error if it is not valid text.
pub(crate) type Named = Result<Path<String>, PathRejection>;

fn name_or_empty(name: Named) -> String {
    name.map(|Path(name)| name).unwrap_or_default()
}

/// Returns the path of the list that the feed belongs to.
fn list(source: &Source) -> String {
    match source {
        Source::Site => paths::HOME.to_owned(),
        Source::Author(name) => paths::user(name),
        Source::Tag(name) => paths::tag(name),
    }
}

async fn answer(pages: &Pages, request: Request, source: Source, format: FeedFormat) -> Response {
    let parts = request.into_parts().0;
    let state = pages.state();
    let scope = pages.public();
    let feed = match read(&scope, source).await {
        Ok(feed) => feed,
        Err(error) => return pages.problem(parts, error).await,
    };
    let first_origin = match first_origin::current(state).await {
        Ok(origin) => origin,
        Err(error) => return pages.problem(parts, error).await,
    };
    let site = scope.site().await;
    let own = paths::feed(&list(&feed.source), format);
    if own != parts.uri.path() {
        return Redirect::permanent(&own).into_response();
    }
    // The tag is computed from the metadata before the texts are read, so that a request for an unchanged feed is
    // cheap.
    let shown = (&site.name, &site.description, &site.language, site.comments);
    let posts = without_counts(&feed);
    let tag = conditional::tag(format!(
        "{STYLE} {format:?} {:?} {shown:?} {first_origin} {posts:?}",
        state.settings
    ));
    let since = pages.feeds().since(&own, &tag, state.clock.now());
    let mut response = if conditional::is_known(&parts.headers, &tag, Some(since)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let texts = match texts(&scope, &feed).await {
            Ok(texts) => texts,
            Err(error) => return pages.problem(parts, error).await,
        };
        let settings = Arc::clone(&state.settings);
        match markdown::work(move || written(&site, &settings, &first_origin, &feed, &texts, format)).await {
            Ok(Ok(content)) => content.into_response(),
            Ok(Err(error)) => {
                tracing::error!(%error, "a feed cannot be written");
                return pages.problem(parts, AppError::Internal).await;
            }
            Err(error) => return pages.problem(parts, error).await,
        }
    };
    let mut headers = vec![
        (CONTENT_TYPE, format!("{}; charset=utf-8", format.media_type())),
        (ETAG, tag),
        (LAST_MODIFIED, conditional::date(since)),
    ];
    if let Some(hub) = &state.settings.websub_hub {
        let own = state.settings.site_url.absolute(&own);
        headers.push((LINK, format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"")));
    }
    with_headers(&mut response, headers);
    response.extensions_mut().insert(Shown(scope.topics()));
    response
}

/// Returns `feed` without the numbers of comments. A comment alone is no reason to load the whole feed again.
fn without_counts(feed: &Feed) -> Feed {
    let mut feed = feed.clone();
    for entry in &mut feed.entries {
        entry.card.comments = 0;
    }
    feed
}

/// Adds `headers` and those of every feed.
fn with_headers(response: &mut Response, headers: Vec<(HeaderName, String)>) {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(CACHE_CONTROL, CACHING);
    // Feeds are public, so scripts of other sites may read them.
    response.headers_mut().insert(
        HeaderName::from_static("access-control-allow-origin"),
        HeaderValue::from_static("*"),
    );
}

/// Returns `feed` with these `texts` in this `format`.
fn written(
    site: &SiteIdentity,
    settings: &SiteSettings,
    first_origin: &str,
    feed: &Feed,
    texts: &Texts,
    format: FeedFormat,
) -> io::Result<String> {
    let list = list(&feed.source);
    let title = match &feed.source {
        Source::Site => site.name.clone(),
        Source::Author(name) | Source::Tag(name) => {
            let name = feed.author.as_ref().map_or(name, |author| &author.name);
            format!("{name} · {}", site.name)
        }
    };
    let channel = Channel {
        site,
        title,
        id: match &feed.author {
            // The id contains the id of the author, because the name may change.
            Some(author) => format!("{first_origin}/#writer-{}", author.id),
            None => format!("{first_origin}{list}"),
        },
        page: settings.site_url.absolute(&list),
        own: settings.site_url.absolute(&paths::feed(&list, format)),
        hub: settings.websub_hub.as_deref(),
        origin: settings.site_url.origin(),
        first_origin,
        feed,
        texts,
    };
    match format {
        FeedFormat::Atom => atom::written(&channel),
        FeedFormat::Rss => rss::written(&channel),
        FeedFormat::Json => json::written(&channel),
    }
}
