//! The sitemap with every public address (sitemaps.org): an index, and files that each cover 10,000 consecutive ids and
//! are written while they are read from the database.

use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use domain::{
    AppState, Scope,
    posts::index::{Addresses, Entry},
    static_pages,
};
use futures::stream;
use quick_xml::escape::escape;
use sea_orm::DbErr;
use shared::{error::AppError, paths};
use time::format_description::well_known::Rfc3339;

use super::pages::Pages;

/// The maximum number of addresses in a file. It is lower than the 50,000 that crawlers allow (sitemaps.org), so that a
/// file can be written quickly.
const PER_FILE: i64 = 10_000;
/// The number of addresses that are read at a time.
const BATCH: u64 = 1_000;
/// The file of pages other than posts, people and tags.
const PAGES: &str = "pages.xml";
/// The caching of sitemaps: crawlers may reuse them for an hour.
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const XML: HeaderValue = HeaderValue::from_static("application/xml; charset=utf-8");
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Serves the index of all files.
pub(crate) async fn index(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    match files(&pages.public()).await {
        Ok(files) => {
            let settings = &pages.state().settings;
            let files = files.iter().map(|file| {
                let address = settings.site_url.absolute(&format!("{}{file}", paths::SITEMAPS));
                format!("<sitemap><loc>{}</loc></sitemap>\n", escape(&address))
            });
            let files = files.collect::<String>();
            let text = format!("{DECLARATION}<sitemapindex xmlns=\"{NAMESPACE}\">\n{files}</sitemapindex>\n");
            served(Body::from(text))
        }
        Err(error) => pages.problem(parts, error.into()).await,
    }
}

/// Returns the names of all files that are not empty.
async fn files(scope: &Scope) -> Result<Vec<String>, DbErr> {
    let mut files = vec![PAGES.to_owned()];
    for list in Addresses::ALL {
        let mut end = 0;
        // The loop skips from each existing id to the file after it, so that large gaps between ids cost nothing.
        while let (_, Some(next)) = list.batch(scope, end, i64::MAX, 1).await? {
            let number = (next - 1) / PER_FILE;
            files.push(format!("{}-{}.xml", list.name(), number + 1));
            end = (number + 1) * PER_FILE;
        }
    }
    Ok(files)
}

/// Serves the file whose name is at the end of the address.
pub(crate) async fn file(
    State(pages): State<Pages>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let parts = request.into_parts().0;
    let name = name.map(|Path(name)| name).unwrap_or_default();
    if name == PAGES {
        let entries = match pages_of(&pages.public()).await {
            Ok(entries) => entries,
            Err(error) => return pages.problem(parts, error).await,
        };
        let text = entries
            .iter()
            .map(|entry| line(pages.state(), entry))
            .collect::<String>();
        return served(Body::from(format!("{}{text}{END}", begin())));
    }
    let Some((list, number)) = named(&name) else {
        return pages.problem(parts, AppError::NotFound).await;
    };
    let first = (number - 1) * PER_FILE;
    // The first batch is read before the response begins, because a later error can only abort it, without a status.
    let scope = pages.public();
    match list.batch(&scope, first, first + PER_FILE, BATCH).await {
        Ok((entries, _)) if entries.is_empty() => pages.problem(parts, AppError::NotFound).await,
        Ok(batch) => served(stream_of(scope, list, first + PER_FILE, batch)),
        Err(error) => pages.problem(parts, error.into()).await,
    }
}

/// Returns the pages that are no posts, people or tags.
async fn pages_of(scope: &Scope) -> Result<Vec<Entry>, AppError> {
    let fixed = [paths::HOME, paths::ABOUT, paths::EXPLORE].map(|path| (path.to_owned(), None));
    let written = static_pages::addresses(scope).await?;
    // The page about the site is there whether or not it has been written.
    let is_written = |path: &String| written.iter().any(|(other, _)| other == path);
    let mut entries: Vec<Entry> = fixed.into_iter().filter(|(path, _)| !is_written(path)).collect();
    entries.extend(written.into_iter().map(|(path, at)| (path, Some(at))));
    Ok(entries)
}

/// Returns the list that the file `name` belongs to, and the number of the file within it.
fn named(name: &str) -> Option<(Addresses, i64)> {
    let (list, number) = name.strip_suffix(".xml")?.rsplit_once('-')?;
    let list = Addresses::ALL.into_iter().find(|known| known.name() == list)?;
    let number: i64 = number.parse().ok()?;
    ((1..=i64::MAX / PER_FILE - 1).contains(&number) && !name.contains("-0") && !name.contains('+'))
        .then_some((list, number))
}

const END: &str = "</urlset>\n";

fn begin() -> String {
    format!("{DECLARATION}<urlset xmlns=\"{NAMESPACE}\">\n")
}

/// Returns the body of the file of `list` up to the id `highest`. It begins with the batch that has been read.
fn stream_of(scope: Scope, list: Addresses, highest: i64, begun: (Vec<Entry>, Option<i64>)) -> Body {
    let written = stream::try_unfold(Some((begun, true)), move |next| {
        let scope = scope.clone();
        async move {
            let Some(((entries, end), is_first)) = next else {
                return Ok::<_, DbErr>(None);
            };
            let mut text = if is_first { begin() } else { String::new() };
            for entry in &entries {
                text.push_str(&line(&scope.state, entry));
            }
            let rest = if let Some(after) = end {
                Some((list.batch(&scope, after, highest, BATCH).await?, false))
            } else {
                text.push_str(END);
                None
            };
            Ok(Some((text, rest)))
        }
    });
    Body::from_stream(written)
}

fn line(state: &AppState, (path, at): &Entry) -> String {
    let address = state.settings.site_url.absolute(path);
    let at = at.and_then(|at| at.format(&Rfc3339).ok());
    let at = at
        .map(|at| format!("<lastmod>{at}</lastmod>"))
        .unwrap_or_default();
    format!("<url><loc>{}</loc>{at}</url>\n", escape(&address))
}

fn served(body: Body) -> Response {
    ([(CONTENT_TYPE, XML), (CACHE_CONTROL, CACHING)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name() {
        assert_eq!(named("posts-1.xml"), Some((Addresses::Posts, 1)));
        assert_eq!(named("tags-20.xml"), Some((Addresses::Tags, 20)));
        for bad in [
            "posts-0.xml",
            "posts-01.xml",
            "posts-+1.xml",
            "posts.xml",
            "people-1.xml",
            "posts-99999999999999999.xml",
            "",
        ] {
            assert_eq!(named(bad), None, "{bad}");
        }
    }
}
