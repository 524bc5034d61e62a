//! Every route. Pages come from the route table in [`app::app`], forms and data from the server functions; what is
//! neither is here.

use std::sync::LazyLock;

use app::{
    app::App,
    backend::{AppState, session::DbSessionStore},
    paths,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{from_fn_with_state, map_response},
    routing::{get, on, post},
};
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use leptos_axum::generate_route_list;
use tower::ServiceBuilder;
use tower_http::trace::TraceLayer;

use crate::{
    application::StartError, assets, config::Config, links, media, pages::Pages, security, server_functions,
    uploads,
};

/// The addresses of all pages, as axum writes them. While leptos lists them, no resource in the whole process loads, and a
/// page that is rendered at that moment waits for ever (leptos-rs/leptos#4773): hence once, before the first page.
static ADDRESSES: LazyLock<Vec<String>> = LazyLock::new(|| {
    generate_route_list(App)
        .iter()
        .map(|route| route.path().to_owned())
        .collect()
});

/// The whole site.
pub(crate) fn router(
    state: AppState,
    store: DbSessionStore,
    options: LeptosOptions,
    config: &Config,
) -> Result<Router, StartError> {
    let site_url = &config.site_url;
    let pages = Pages::new(state, options.clone(), &ADDRESSES, &config.trusted_proxies);

    let mut router = Router::new().fallback(Pages::not_found);
    for address in ADDRESSES.iter() {
        router = router.route(address, get(Pages::render));
    }
    for (path, method) in server_fn_paths() {
        if let Ok(method) = method.try_into() {
            router = router.route(path, on(method, server_functions::handle));
        }
    }

    let router = router
        .route(
            paths::ACCOUNT_PICTURE,
            post(uploads::picture).layer(DefaultBodyLimit::max(uploads::BODY_MAX)),
        )
        .route(
            paths::NEW_IMAGE,
            post(uploads::image).layer(DefaultBodyLimit::max(uploads::BODY_MAX)),
        )
        .route(&paths::reset_link("{token}"), get(links::reset))
        .route(&paths::confirm_link("{token}"), get(links::confirm))
        .route(&format!("{}{{file}}", paths::PICTURES), get(media::picture))
        .route(&format!("{}{{file}}", paths::IMAGES), get(media::image))
        .route(&format!("{}{{file}}", paths::INITIALS), get(media::initials))
        // It reaches only the routes that are there already.
        .method_not_allowed_fallback(Pages::method_not_allowed)
        .layer(
            ServiceBuilder::new()
                .layer(security::sessions(store, site_url))
                .layer(from_fn_with_state(pages.clone(), security::explain_refusal))
                .layer(security::same_origin(site_url)?),
        )
        .with_state(pages)
        .merge(assets::package(&options))
        .merge(assets::public(&options))
        .route(paths::HEALTH, get(|| async { "ok" }))
        .layer(map_response(security::with_headers))
        .layer(TraceLayer::new_for_http().make_span_with(span));
    Ok(router)
}

/// A request in the log: its path without the query, which may hold what people searched for, and without the token of a
/// link.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let secret = [paths::RESET_PASSWORD, paths::CONFIRM_EMAIL]
        .into_iter()
        .find(|link| path.strip_prefix(link).is_some_and(|rest| rest.starts_with('/')));
    tracing::info_span!("request", method = %request.method(), path = secret.unwrap_or(path))
}
