//! Static files for the browser: the client, the styles, and the contents of `public`.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use app::{
    app::Client,
    pages::route::{PageRoute, has_custom_css},
};
use axum::{
    Router,
    extract::{Path, Request},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use leptos::config::{Env, LeptosOptions};
use shared::{model::site::SiteIdentity, paths};

use crate::{config::Config, http::accept_encoding::AcceptEncoding};

mod files;

/// Caching of files whose address changes with their content.
pub(super) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Caching of files with a fixed name.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Caching of files whose address may get a new content at any time.
pub(super) const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-cache");
/// The icons of a site without its own.
const ICONS: &[&str] = &["favicon.svg", "icon-192.png", "icon-512.png"];
/// The folder of the client and the styles, both within the site's folder and in addresses.
const PACKAGE: &str = "pkg";
/// The base name of the client's files.
const NAME: &str = "broadsheet";

/// Returns the options of leptos.
pub(crate) fn options(config: &Config) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(NAME)
        .site_pkg_dir(PACKAGE)
        .site_addr(config.listen)
        .env(if cfg!(debug_assertions) {
            Env::DEV
        } else {
            Env::PROD
        })
        .reload_port(3001)
        .build()
}

/// The version in the addresses of the client and the styles. It changes with any of these files, because the chunks of
/// a client only fit together. During development, it is empty, because `cargo leptos watch` relies on fixed addresses.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    if cfg!(debug_assertions) {
        String::new()
    } else {
        files::version(PACKAGE)
    }
});

/// The addresses of the files that each chunk of the client loads, by the name of the chunk.
static PARTS: LazyLock<HashMap<String, Arc<[String]>>> = LazyLock::new(|| {
    let manifest = files::get(
        &format!("{PACKAGE}/__wasm_split_manifest.json"),
        &AcceptEncoding::default(),
    );
    let parts: HashMap<String, Vec<String>> = manifest
        .and_then(|file| serde_json::from_slice(&file.content).ok())
        .unwrap_or_default();
    let addresses = |files: Vec<String>| files.into_iter().map(|file| address(&format!("{file}.wasm")));
    let parts = parts.into_iter();
    parts
        .map(|(name, files)| (name, addresses(files).collect()))
        .collect()
});

/// The inline script of every page without comments and with short names. During development, there is none.
static SCRIPT: LazyLock<Option<Arc<str>>> = LazyLock::new(|| {
    if VERSION.is_empty() {
        return None;
    }
    let file = files::get(&format!("{PACKAGE}/page.js"), &AcceptEncoding::default());
    let script = file.and_then(|file| String::from_utf8(file.content.into_owned()).ok());
    if script.is_none() {
        tracing::error!("the build has made no inline script; pages have the one of the source");
    }
    script.map(Arc::from)
});

fn address(file: &str) -> String {
    match VERSION.as_str() {
        "" => format!("/{PACKAGE}/{file}"),
        version => format!("/{PACKAGE}/{version}/{file}"),
    }
}

/// Returns the addresses of the client files and styles that the page at `path` of `site` references.
pub(crate) fn client(path: &str, site: &SiteIdentity) -> Client {
    let named = |kind: &str| address(&format!("{NAME}.{kind}"));
    let chunk = PageRoute::at(path).and_then(PageRoute::chunk);
    let parts = chunk.and_then(|chunk| PARTS.get(chunk.name()));
    Client {
        module: named("js"),
        wasm: named("wasm"),
        parts: parts.cloned().unwrap_or_default(),
        script: SCRIPT.clone(),
        style: named("css"),
        custom_css: site
            .custom_css
            .as_ref()
            .filter(|_| has_custom_css(path))
            .map(|css| paths::custom_css(&css.version)),
    }
}

/// Returns the icon in three sizes of a site without its own.
pub(crate) fn favicon(request: &Request) -> Response {
    served("favicon.ico", request, NOT_AT_ALL)
}

/// Returns the routes of all files.
pub(crate) fn routes() -> Router {
    let router = Router::new();
    files_by_address()
        .into_iter()
        .fold(router, |router, (address, route)| router.route(&address, route))
}

/// Returns the addresses of all files, in the syntax of axum.
pub(crate) fn addresses() -> impl Iterator<Item = String> {
    files_by_address().into_iter().map(|(address, _)| address)
}

fn files_by_address() -> Vec<(String, MethodRouter)> {
    let mut files: Vec<(String, MethodRouter)> = vec![
        (
            format!("/{PACKAGE}/{{file}}"),
            get(async |Path(file): Path<String>, request: Request| package("", &file, &request)),
        ),
        (
            format!("/{PACKAGE}/{{version}}/{{file}}"),
            get(
                async |Path((version, file)): Path<(String, String)>, request: Request| {
                    package(&version, &file, &request)
                },
            ),
        ),
        (
            paths::FONT.to_owned(),
            get(async |request: Request| served(paths::FONT.trim_start_matches('/'), &request, FOR_EVER)),
        ),
    ];
    files.extend(ICONS.iter().copied().map(|icon| {
        let route = get(async move |request: Request| served(icon, &request, FOR_AN_HOUR));
        (format!("/{icon}"), route)
    }));
    files
}

/// Serves a file of this `version`. Of other versions, only the styles are served, for a page that a server of that
/// version has just rendered.
fn package(version: &str, file: &str, request: &Request) -> Response {
    let is_this = version == *VERSION;
    let is_style = file.strip_prefix(NAME) == Some(".css");
    if !is_this && !is_style {
        return StatusCode::NOT_FOUND.into_response();
    }
    let caching = if is_this && !version.is_empty() {
        FOR_EVER
    } else {
        NOT_AT_ALL
    };
    served(&format!("{PACKAGE}/{file}"), request, caching)
}

/// Serves the file at `path` with this `Cache-Control` header.
fn served(path: &str, request: &Request, caching: HeaderValue) -> Response {
    let accepted = AcceptEncoding::parse(request.headers());
    let media_type = media_type(path);
    let Some((file, media_type)) = files::get(path, &accepted).zip(media_type) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = file.content.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, caching);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = file.encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Returns the media type for the kinds of files that the build writes. Other files are not served.
fn media_type(path: &str) -> Option<&'static str> {
    match path.rsplit('.').next()? {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "woff2" => Some("font/woff2"),
        "ico" => Some("image/vnd.microsoft.icon"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}
