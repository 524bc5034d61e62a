//! The feed of the comments on a post, as Atom with threads (RFC 4685).

use std::{io, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{
        StatusCode,
        header::{CONTENT_TYPE, ETAG, LAST_MODIFIED},
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    comments::{CommentFeed, FeedEntry, latest},
    markdown::{feed_html, work},
    platform::first_origin,
};
use shared::{
    error::AppError,
    model::{comment::Commenter, site::SiteIdentity},
    paths,
};

use super::{
    Named, STYLE,
    atom::{THREADS, date},
    name_or_empty, with_headers,
    xml::Xml,
};
use crate::{
    http::{conditional, page_cache::Shown},
    routes::pages::Pages,
};

/// The media type of Atom (RFC 4287).
const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// The parts of the feed that are not in the database.
struct Channel<'a> {
    site: &'a SiteIdentity,
    feed: &'a CommentFeed,
    origin: &'a str,
    /// The origin of the site at its first start, which is used in permanent ids.
    first_origin: &'a str,
}

/// Serves the feed of the comments on the post in the address.
pub(crate) async fn of_post(State(pages): State<Pages>, name: Named, request: Request) -> Response {
    let parts = request.into_parts().0;
    let (scope, state) = (pages.public(), pages.state());
    let read = async {
        let id = paths::post_id(&name_or_empty(name)).ok_or(AppError::NotFound)?;
        Ok::<_, AppError>((latest(&scope, id).await?, first_origin::current(state).await?))
    };
    let (feed, first_origin) = match read.await {
        Ok(read) => read,
        Err(error) => return pages.problem(parts, error).await,
    };
    let own = paths::comments_feed(&feed.post);
    if own != parts.uri.path() {
        return Redirect::permanent(&own).into_response();
    }
    let site = scope.site().await;
    let shown = (&site.name, &site.language);
    let tag = conditional::tag(format!(
        "{STYLE} {:?} {shown:?} {first_origin} {feed:?}",
        state.settings
    ));
    let since = pages.feeds().since(&own, &tag, state.clock.now());
    let mut response = if conditional::is_known(&parts.headers, &tag, Some(since)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let settings = Arc::clone(&state.settings);
        let written = work(move || {
            let channel = Channel {
                site: &site,
                feed: &feed,
                origin: settings.site_url.origin(),
                first_origin: &first_origin,
            };
            channel.written()
        });
        match written.await {
            Ok(Ok(content)) => content.into_response(),
            Ok(Err(error)) => {
                tracing::error!(%error, "a feed cannot be written");
                return pages.problem(parts, AppError::Internal).await;
            }
            Err(error) => return pages.problem(parts, error).await,
        }
    };
    let headers = vec![
        (CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (ETAG, tag),
        (LAST_MODIFIED, conditional::date(since)),
    ];
    with_headers(&mut response, headers);
    response.extensions_mut().insert(Shown(scope.topics()));
    response
}

impl Channel<'_> {
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    fn id(&self, path: &str) -> String {
        format!("{}{path}", self.first_origin)
    }

    fn written(&self) -> io::Result<String> {
        let feed = self.feed;
        let length = feed.entries.iter().map(|entry| entry.html.len() + 1_024).sum();
        let mut xml = Xml::with_capacity(length)?;
        xml.open(
            "feed",
            &[
                ("xmlns", "http://www.w3.org/2005/Atom"),
                ("xmlns:thr", THREADS),
                ("xml:lang", &self.site.language),
            ],
        )?;
        xml.text(
            "title",
            &[],
            &format!("Comments on “{}” · {}", feed.title, self.site.name),
        )?;
        let own = paths::comments_feed(&feed.post);
        xml.text(
            "id",
            &[],
            &self.id(&format!("{}#comments", paths::short_post(feed.post.id))),
        )?;
        xml.text("updated", &[], &date(feed.updated_at)?)?;
        for (rel, media_type, path) in [
            ("self", "application/atom+xml", own),
            ("alternate", "text/html", paths::comments(&feed.post)),
        ] {
            let address = self.address(&path);
            xml.empty("link", &[("rel", rel), ("type", media_type), ("href", &address)])?;
        }
        for entry in &feed.entries {
            self.write(&mut xml, entry)?;
        }
        xml.close("feed")?;
        xml.finish()
    }

    fn write(&self, xml: &mut Xml, entry: &FeedEntry) -> io::Result<()> {
        let (path, post) = (paths::comment(entry.id), &self.feed.post);
        xml.open("entry", &[])?;
        let title = format!("{} on “{}”", entry.author.name(), self.feed.title);
        xml.text("title", &[], &title)?;
        xml.text("id", &[], &self.id(&path))?;
        let address = self.address(&path);
        xml.empty(
            "link",
            &[("rel", "alternate"), ("type", "text/html"), ("href", &address)],
        )?;
        let (answered, page) = match entry.answered {
            Some(id) => (paths::comment(id), paths::comment(id)),
            None => (paths::short_post(post.id), paths::post(post)),
        };
        let (answered, page) = (self.id(&answered), self.address(&page));
        let attributes = [("ref", answered.as_str()), ("type", "text/html"), ("href", &page)];
        xml.empty("thr:in-reply-to", &attributes)?;
        xml.text("published", &[], &date(entry.created_at)?)?;
        xml.text("updated", &[], &date(entry.updated_at)?)?;
        xml.open("author", &[])?;
        xml.text("name", &[], entry.author.name())?;
        if let Commenter::Member(author) = &entry.author {
            xml.text("uri", &[], &self.address(&paths::user(&author.username)))?;
        }
        xml.close("author")?;
        let html = feed_html(&entry.html, true, self.origin, &path);
        xml.text("content", &[("type", "html")], &html)?;
        xml.close("entry")
    }
}
