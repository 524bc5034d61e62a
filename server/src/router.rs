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
    extract::Request,
    middleware::{from_fn_with_state, map_response},
    routing::{get, on},
};
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use leptos_axum::generate_route_list;
use tower::ServiceBuilder;
use tower_http::trace::TraceLayer;

use crate::{application::StartError, assets, config::SiteUrl, pages::Pages, security, server_functions};

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
    site_url: &SiteUrl,
) -> Result<Router, StartError> {
    let pages = Pages::new(state, options.clone(), &ADDRESSES);

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

/// A request in the log: its path without the query, which may hold what people searched for or a token.
fn span(request: &Request) -> tracing::Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}
