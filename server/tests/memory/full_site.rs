//! A site with the most expensive content that the limits allow, and requests for all of its public addresses.

use domain::{platform::topic::Topic, site::values::fixed_by_flag};
use std::{fs, net::SocketAddr};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{
        Method, Request,
        header::{ACCEPT, ACCEPT_ENCODING, HOST},
    },
};
use futures::StreamExt;
use server::{application::Application, router::routes};
use shared::{forms::post::CONTENT_MAX, model::site::Setting, paths};
use tower::ServiceExt;

use crate::{
    config::config,
    persona::{Persona, Site},
};

/// The host name of the site.
pub const HOST_NAME: &str = "a-rather-long-name-of-a-site.example";
/// The username of the only writer.
const WRITER: &str = "a-writer-with-as-long-a-name-as";
/// The file name of an inline image.
pub const IMAGE: &str = "0a-1b-2000-4000.jpg";
/// The `Accept-Encoding` headers of programs and browsers.
pub const CODINGS: &[&str] = &["identity", "br, gzip"];

/// Returns a text of the maximum length: `markup`, followed by characters of four bytes, each of which takes ten bytes
/// in a script.
fn filled(markup: &str) -> String {
    let rest = CONTENT_MAX - markup.chars().count() - 2;
    format!("{markup}\n\n{}", "\u{10fffd}".repeat(rest))
}

/// Returns texts that each reach the limits of a text in a different way.
fn texts() -> [String; 6] {
    [
        filled(&("a|b\n-|-\n".to_owned() + &"1|2\n".repeat(4_500))),
        filled(&"[a](/b?c&d \"e\") ".repeat(5_000)),
        filled(&("```rust\n".to_owned() + &"let a = \"b\"; // c\n".repeat(600) + "```")),
        filled("a"),
        "# a\n".repeat(24_990),
        "\"<&>\u{7}".repeat(19_990),
    ]
}

/// The site.
pub struct FullSite {
    site: Site,
    pub router: Router,
    /// The path of the social preview image of a post.
    card: String,
}

impl FullSite {
    /// Invalidates all cached pages.
    pub fn forget_pages(&self) {
        self.site.state.db.changes().record([Topic::Everything]);
    }
}

/// Creates the site.
pub async fn full_site() -> FullSite {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&format!("https://{HOST_NAME}"), folder.path());
    config.site = fixed_by_flag([(Setting::PostsPerPage, "100")]);
    let application = Application::build(&config).await.unwrap();
    let router = application.router();
    let site = Site::of(application, folder);
    let writer = site.member(WRITER).await;
    let (texts, excerpt) = (texts(), "🙂🙂🙂 ".repeat(70));
    for number in 0..100 {
        let title = format!("{number:03}{}", "\"&<".repeat(49));
        // There is a page with each text, and feeds with all of them.
        let text = match number {
            0..6 | 80.. => texts.get(number % texts.len()),
            _ => None,
        };
        publish(&writer, &title, text.unwrap_or(&excerpt)).await;
    }
    let page = site.visitor().get("/post/7-006").await;
    let card = page.attributes("meta[property='og:image']", "content").remove(0);
    let card = card.rsplit('/').next().unwrap().to_owned();
    // The image has the maximum size of an uploaded file, and is larger than any stored picture.
    let images = site.folder().join("media/image");
    fs::create_dir_all(&images).unwrap();
    fs::write(images.join(IMAGE), vec![0; 10_000_000]).unwrap();
    FullSite { site, router, card }
}

async fn publish(person: &Persona, title: &str, content: &str) {
    let tags = ["a", "b", "c", "d", "e"].map(|name| name.repeat(30)).join(",");
    let fields = [("title", title), ("tags", &tags), ("content", content)];
    let answer = person.post("/post/new", &fields).await;
    let beginning: String = content.chars().take(20).collect();
    assert_eq!(answer.status, 303, "{beginning}: {:?}", answer.texts(".summary"));
}

/// Returns all public addresses of `full`: those of each route, with all its possible parameters.
pub fn addresses(full: &FullSite) -> Vec<String> {
    let reads = routes().into_iter().filter(|(method, _)| *method == Method::GET);
    reads
        .flat_map(|(_, route)| addresses_of(&route, &full.card))
        .collect()
}

fn addresses_of(route: &str, card: &str) -> Vec<String> {
    let tag = "a".repeat(30);
    let route = route
        .replace("{username}", WRITER)
        .replace("{tag}", &tag)
        .replace("{token}", "none");
    if route.starts_with("/sitemap/") {
        let files = ["pages", "posts-1", "users-1", "tags-1"];
        return files
            .map(|file| route.replace("{file}", &format!("{file}.xml")))
            .into();
    }
    if route.starts_with(paths::SERVER_FUNCTIONS) {
        // Server functions ignore unknown parameters.
        let query = |id| format!("{route}?id={id}&page=1&name={tag}&username={WRITER}");
        let count = if route == "/_/post" { texts().len() } else { 1 };
        return (1..=count).map(query).collect();
    }
    if route.contains("{post}") {
        let post = |number| route.replace("{post}", &format!("{number}-{:03}", number - 1));
        return (1..=texts().len()).map(post).collect();
    }
    let file = if route.starts_with("/media/card/") {
        card
    } else {
        IMAGE
    };
    vec![route.replace("{file}", file)]
}

/// A response whose body has been discarded.
pub struct Answered {
    pub status: u16,
    pub length: usize,
}

/// Requests `path` as a visitor without cookies who accepts this `coding`.
pub async fn ask(router: &Router, path: &str, coding: &str) -> Answered {
    let request = Request::builder()
        .uri(path)
        .header(HOST, HOST_NAME)
        .header(ACCEPT, "text/html")
        .header(ACCEPT_ENCODING, coding)
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 40_000))))
        .body(Body::empty());
    let response = router.clone().oneshot(request.unwrap()).await.unwrap();
    let (status, mut length) = (response.status().as_u16(), 0);
    // The body is read as when it is sent: each chunk is dropped before the next one is read.
    let mut body = response.into_body().into_data_stream();
    while let Some(part) = body.next().await {
        length += part.unwrap().len();
    }
    Answered { status, length }
}
