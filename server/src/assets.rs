//! Files for the browser: the client, the styles, and what is in `public`.

use app::{app::Client, paths};
use axum::{
    Router,
    extract::{Path, Request},
    http::{
        HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::config::{Env, LeptosOptions};

use crate::config::Config;

/// Where the files are.
mod files;

/// Files whose name holds a hash of their content never change.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Files that keep their name are asked for again after an hour.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// While the program is being developed, a name says nothing of the content.
const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-cache");
/// What a browser shows beside the site's name.
const ICONS: [&str; 3] = ["favicon.svg", "icon-192.png", "icon-512.png"];
/// Where the build puts the client and the styles, in the site's folder and in addresses.
const PACKAGE: &str = "pkg";
/// What their names begin with.
const NAME: &str = "broadsheet";

/// What leptos wants to know of them.
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

/// Where the client and the styles are.
pub(crate) fn client() -> Client {
    let address = |kind: &str| {
        let name = files::named(PACKAGE, NAME, kind).unwrap_or_else(|| format!("{NAME}.{kind}"));
        format!("/{PACKAGE}/{name}")
    };
    Client {
        module: address("js"),
        wasm: address("wasm"),
        style: address("css"),
    }
}

/// All of them, each at its address.
pub(crate) fn routes() -> Router {
    Router::new()
        .route(&format!("/{PACKAGE}/{{file}}"), get(package))
        .route(
            paths::FONT,
            get(async |request: Request| served(paths::FONT.trim_start_matches('/'), &request, FOR_EVER)),
        )
        .merge(ICONS.into_iter().fold(Router::new(), |router, icon| {
            router.route(
                &format!("/{icon}"),
                get(async move |request: Request| served(icon, &request, FOR_AN_HOUR)),
            )
        }))
}

async fn package(Path(file): Path<String>, request: Request) -> Response {
    // A name and its ending have a hash between them.
    let is_hashed = file.split('.').count() > 2;
    let caching = if is_hashed { FOR_EVER } else { NOT_AT_ALL };
    served(&format!("{PACKAGE}/{file}"), &request, caching)
}

/// The file at `path`, to be kept as `caching` says.
fn served(path: &str, request: &Request, caching: HeaderValue) -> Response {
    let accepted = request.headers().get(ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type(path);
    let Some((file, media_type)) = files::get(path, accepted).zip(media_type) else {
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

/// What the build makes; nothing else is sent.
fn media_type(path: &str) -> Option<&'static str> {
    match path.rsplit('.').next()? {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "woff2" => Some("font/woff2"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}
