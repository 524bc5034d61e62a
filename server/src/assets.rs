//! Files for the browser: the client, the styles, and what is in `public`.

use std::path::PathBuf;

use app::app::Client;
use axum::{
    Router,
    http::{HeaderValue, Response, header::CACHE_CONTROL},
};
use leptos::config::{Env, LeptosOptions};
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::config::Config;

/// Files whose name holds a hash of their content never change.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Files that keep their name are asked for again after an hour.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Where the build puts the client and the styles, in the site's folder and in addresses.
const PACKAGE: &str = "pkg";
/// Where it lists the hashes that it has put into names.
const HASHES: &str = "hash.txt";

/// Where leptos finds what the build made: in the folder that `cargo leptos` names, or beside the program.
pub(crate) fn options(config: &Config) -> LeptosOptions {
    let beside = beside();
    let site_root = std::env::var("LEPTOS_SITE_ROOT").map_or_else(|_| beside.join("../site"), PathBuf::from);
    // While `cargo leptos watch` runs the program, it says whether there are hashes in names; otherwise the list tells.
    let hashed = std::env::var("LEPTOS_HASH_FILES")
        .map_or_else(|_| beside.join(HASHES).exists(), |told| told == "true");
    LeptosOptions::builder()
        .output_name("broadsheet")
        .site_root(site_root.to_string_lossy())
        .site_pkg_dir(PACKAGE)
        .site_addr(config.listen)
        .env(if cfg!(debug_assertions) {
            Env::DEV
        } else {
            Env::PROD
        })
        .reload_port(3001)
        .hash_files(hashed)
        .build()
}

/// Where the client is: under the names in the build's list of hashes, if it made one.
pub(crate) fn client(options: &LeptosOptions) -> Client {
    let hashes = if options.hash_files {
        std::fs::read_to_string(beside().join(HASHES))
    } else {
        Ok(String::new())
    };
    let hashes = hashes.unwrap_or_default();
    let address = |kind: &str| {
        let hash = hashes
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| *name == kind);
        let hash = hash.map_or_else(String::new, |(_, hash)| format!(".{}", hash.trim()));
        format!("/{PACKAGE}/{}{hash}.{kind}", options.output_name)
    };
    Client {
        module: address("js"),
        wasm: address("wasm"),
    }
}

/// The folder of the program itself.
fn beside() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(PathBuf::from))
        .unwrap_or_default()
}

/// The client and the styles, as the build has compressed them.
pub(crate) fn package(options: &LeptosOptions) -> Router {
    let folder = ServeDir::new(PathBuf::from(options.site_root.to_string()).join(PACKAGE))
        .precompressed_br()
        .precompressed_gzip();
    let caching = if options.hash_files {
        FOR_EVER
    } else {
        HeaderValue::from_static("no-cache")
    };
    let service = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            kept(caching),
        ))
        .service(folder);
    Router::new().nest_service(&format!("/{PACKAGE}"), service)
}

/// The files in `public`, each at the root of the site.
pub(crate) fn public(options: &LeptosOptions) -> Router {
    let folder = ServeDir::new(options.site_root.to_string());
    let service = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            kept(FOR_AN_HOUR),
        ))
        .service(folder);
    Router::new().route_service("/favicon.svg", service)
}

/// How long to keep a file; an error is not kept.
fn kept<B>(caching: HeaderValue) -> impl Fn(&Response<B>) -> Option<HeaderValue> + Clone {
    move |response| response.status().is_success().then(|| caching.clone())
}
