//! The router. Pages come from the route table in [`app::pages::route`], forms and data from the server functions; all
//! other routes are defined here.

use std::{sync::LazyLock, time::Duration};

use app::{api::server::BodyLimit, app::App};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, StatusCode},
    middleware::{from_fn, from_fn_with_state, map_response_with_state},
    response::Redirect,
    routing::{MethodRouter, get, on, post},
};
use domain::{AppState, accounts::session_store::DbSessionStore};
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use leptos_axum::generate_route_list;
use shared::{model::feed::FeedFormat, paths};
use tokio_util::sync::CancellationToken;
use tower::{ServiceBuilder, util::option_layer};
use tower_http::{
    classify::ServerErrorsFailureClass,
    trace::{DefaultOnFailure, OnFailure, TraceLayer},
};
use tracing::Span;

use crate::{
    application::StartError,
    config::Config,
    http::{
        bodies::{Bodies, DISCARD_MAX},
        cache_layer,
        client_limit::{self, ClientLimit},
        compression,
        host::{self, Hosts},
        page_cache::PageCache,
        panics, request_id, retry, security,
    },
    ops::metrics::{self, Metrics},
    routes::{
        appearance, assets, feeds,
        health::{self, Health},
        mail_links, media,
        pages::Pages,
        post_source, server_functions, sitemap, theme, uploads, well_known,
    },
};

/// The addresses of all pages, in the syntax of axum. While leptos lists them, resources do not load anywhere in the
/// process, and a page that is rendered at that moment waits for ever (leptos-rs/leptos#4773). They are therefore
/// listed once, before the first page is rendered.
static ADDRESSES: LazyLock<Vec<String>> = LazyLock::new(|| {
    generate_route_list(App)
        .iter()
        .map(|route| route.path().to_owned())
        .collect()
});

/// The address of static pages in the syntax of axum. It is no route of its own, because it matches addresses that nobody
/// knows as well: these are left to the fallback.
const ANY_STATIC_PAGE: &str = "/{page}";

/// The address of posts in the syntax of axum.
const ANY_POST: &str = "/post/{post}";

/// Returns the router of the whole site, with the additional routes of `more`.
pub(crate) fn router(
    state: AppState,
    store: DbSessionStore,
    options: LeptosOptions,
    config: &Config,
    stopping: CancellationToken,
    more: Router,
    metrics: Option<Metrics>,
) -> Result<Router, StartError> {
    let site_url = &config.site_url;
    let hosts = Hosts::for_site(site_url);
    let is_https = site_url.is_https();
    let health = Health {
        state: state.clone(),
        stopping: stopping.clone(),
    };
    let clients = ClientLimit::new(config.concurrency, &config.trusted_proxies);
    let kept = (config.page_cache > 0).then(|| {
        let changes = state.db.changes().clone();
        let (hosts, metrics) = (hosts.clone(), metrics.clone());
        PageCache::new(config.page_cache, changes, hosts, clients.clone(), metrics)
    });
    let bodies = Bodies::new(&config.network);
    let pages = Pages::new(state, options, &ADDRESSES, &config.trusted_proxies, bodies);

    let mut router = Router::new().fallback(Pages::not_found);
    for address in ADDRESSES.iter().filter(|address| *address != ANY_STATIC_PAGE) {
        let route = if address == ANY_POST {
            get(post_source::or_page)
        } else {
            get(Pages::render)
        };
        router = router.route(address, route);
    }
    for (path, method) in server_fn_paths() {
        if let Ok(method) = method.try_into() {
            let limit = BodyLimit::at(path);
            let handle = move |State(pages): State<Pages>, request: Request| {
                server_functions::handle(limit, pages, request)
            };
            router = router.route(path, on(method, handle));
        }
    }

    for (_, path, route) in others(config.security_contact.clone()) {
        router = router.route(&path, route);
    }
    router = router.merge(more.with_state(())).layer(from_fn_with_state(
        (clients, pages.clone()),
        client_limit::limit_clients,
    ));
    // Uploaded pictures are sent without processing, so they are exempt from the concurrency limit per client.
    for (_, path, route) in pictures() {
        router = router.route(&path, route);
    }
    let router = router
        // The fallback applies only to the routes that have been added before.
        .method_not_allowed_fallback(Pages::method_not_allowed)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(retry::reads))
                .layer(security::sessions(store, site_url))
                .layer(from_fn_with_state(pages.clone(), security::explain_refusal))
                .layer(security::same_origin(site_url)?),
        )
        .with_state(pages.clone())
        .layer(from_fn_with_state(pages, panics::catch));
    let router = compression::compressed(router)
        .merge(assets::routes())
        .layer(from_fn_with_state(hosts, host::check))
        // Health checks may use any host name.
        .merge(health::routes(health))
        .layer(from_fn(host::require))
        .layer(from_fn(security::bound_address))
        .layer(map_response_with_state(is_https, security::with_headers))
        .layer(option_layer(
            metrics.map(|metrics| from_fn_with_state(metrics, metrics::record)),
        ));
    Ok(cache_layer::before(traced(router), kept, stopping))
}

/// Returns the method and address of every route: pages, server functions, files and links.
pub fn routes() -> Vec<(Method, String)> {
    let pages = ADDRESSES.iter().map(|address| (Method::GET, address.clone()));
    let functions = server_fn_paths().map(|(path, method)| (method, path.to_owned()));
    let others = others(None).into_iter().chain(pictures());
    let others = others.map(|(method, path, _)| (method, path));
    pages.chain(functions).chain(others).collect()
}

/// Returns the addresses that are not in [`routes`] because they do not depend on the visitor: embedded files and
/// health checks.
pub fn files_and_checks() -> impl Iterator<Item = (Method, String)> {
    let checks = [paths::HEALTH, paths::READY].map(str::to_owned);
    let addresses = assets::addresses().chain(checks);
    addresses.map(|address| (Method::GET, address))
}

/// A route with its method and its address.
type Other = (Method, String, MethodRouter<Pages>);

/// Returns the routes that are neither pages nor server functions. `contact` is the security contact.
fn others(contact: Option<String>) -> Vec<Other> {
    let reads = |path: &str, route| (Method::GET, path.to_owned(), route);
    let mut routes = files_and_links();
    routes.extend(feeds());
    routes.extend([
        (Method::POST, paths::THEME.to_owned(), post(theme::choose)),
        reads(paths::SITEMAP, get(sitemap::index)),
        reads(&format!("{}{{file}}", paths::SITEMAPS), get(sitemap::file)),
        reads(paths::ROBOTS, get(well_known::robots)),
        reads(paths::FAVICON, get(appearance::favicon)),
        reads(paths::MANIFEST, get(well_known::manifest)),
        reads(paths::CHANGE_PASSWORD, get(well_known::change_password)),
        reads(
            paths::SECURITY_TXT,
            get(move |state, request| well_known::security(contact.clone(), state, request)),
        ),
    ]);
    routes
}

/// Returns the routes of the feeds of the site, of authors and of tags in every format, and the usual addresses at
/// which programs look for the feed of the site.
fn feeds() -> impl Iterator<Item = Other> {
    let usual = [(paths::FEED, FeedFormat::Atom), (paths::RSS, FeedFormat::Rss)];
    let usual = usual.map(|(path, format)| {
        let route = get(async move || Redirect::permanent(&paths::feed("", format)));
        (Method::GET, path.to_owned(), route)
    });
    let formats = FeedFormat::ALL.into_iter().flat_map(|format| {
        let at = |list: &str, route| (Method::GET, paths::feed(list, format), route);
        [
            at(
                "",
                get(move |state, request| feeds::of_site(format, state, request)),
            ),
            at(
                "/user/{username}",
                get(move |state, name, request| feeds::of_author(format, state, name, request)),
            ),
            at(
                "/tag/{tag}",
                get(move |state, name, request| feeds::of_tag(format, state, name, request)),
            ),
        ]
    });
    let of_comments = format!("{ANY_POST}{}", paths::COMMENTS_FEED);
    let of_comments = (Method::GET, of_comments, get(feeds::comments::of_post));
    usual.into_iter().chain(formats).chain([of_comments])
}

/// Returns the routes of uploads, links in mails, and generated pictures.
fn files_and_links() -> Vec<Other> {
    let upload_limit = || DefaultBodyLimit::max(DISCARD_MAX);
    vec![
        (
            Method::POST,
            paths::ACCOUNT_PICTURE.to_owned(),
            post(uploads::picture).layer(upload_limit()),
        ),
        (
            Method::POST,
            paths::NEW_IMAGE.to_owned(),
            post(uploads::image).layer(upload_limit()),
        ),
        (
            Method::POST,
            paths::ADMIN_LOGO.to_owned(),
            post(uploads::logo).layer(upload_limit()),
        ),
        (
            Method::POST,
            paths::ADMIN_ICON.to_owned(),
            post(uploads::icon).layer(upload_limit()),
        ),
        (Method::GET, paths::reset_link("{token}"), get(mail_links::reset)),
        (
            Method::GET,
            paths::confirm_link("{token}"),
            get(mail_links::confirm),
        ),
        (
            Method::GET,
            paths::invite_link("{token}"),
            get(mail_links::invite),
        ),
        (
            Method::GET,
            paths::first_administrator_link("{token}"),
            get(mail_links::first_administrator),
        ),
        (Method::GET, below(paths::CARDS), get(media::card)),
    ]
}

/// Returns the routes of uploaded pictures and of the custom CSS.
fn pictures() -> [Other; 5] {
    [
        (Method::GET, below(paths::SITE_IMAGES), get(media::site_image)),
        (Method::GET, below(paths::CUSTOM_CSS), get(appearance::custom_css)),
        (Method::GET, below(paths::PICTURES), get(media::picture)),
        (Method::GET, below(paths::IMAGES), get(media::image)),
        (Method::GET, below(paths::SCALED_IMAGES), get(media::scaled_image)),
    ]
}

/// Returns the route pattern of the files in `folder`, in the syntax of axum.
fn below(folder: &str) -> String {
    format!("{folder}{{file}}")
}

/// Returns `router` with a log of its requests.
fn traced(router: Router) -> Router {
    let layer = TraceLayer::new_for_http().make_span_with(span);
    router.layer(layer.on_failure(failed))
}

/// Returns the log span of a request. Its path excludes the query, which may contain search terms, and the token of a
/// link.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let secret = [
        paths::RESET_PASSWORD,
        paths::CONFIRM_EMAIL,
        paths::INVITE,
        paths::FIRST_ADMINISTRATOR,
        paths::PREVIEWS.trim_end_matches('/'),
    ]
    .into_iter()
    .find(|link| path.strip_prefix(link).is_some_and(|rest| rest.starts_with('/')));
    let id = request_id::get(request);
    tracing::info_span!("request", id, method = %request.method(), path = secret.unwrap_or(path))
}

/// Logs a response with a server error. A 503 is logged at debug level only, because it is either intended or its cause
/// has been logged.
fn failed(class: ServerErrorsFailureClass, took: Duration, span: &Span) {
    if matches!(
        class,
        ServerErrorsFailureClass::StatusCode(StatusCode::SERVICE_UNAVAILABLE)
    ) {
        tracing::debug!(?took, "answered 503");
    } else {
        DefaultOnFailure::new().on_failure(class, took, span);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use app::pages::route::PageRoute;
    use axum::{
        Router,
        body::Body,
        extract::Request,
        http::{StatusCode, Uri},
        routing::any,
    };
    use tower::ServiceExt;

    use super::{ADDRESSES, traced};

    /// A writer that collects the logged lines.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn an_answer_that_says_to_come_back_is_no_error() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .finish();
        let _logged = tracing::subscriber::set_default(subscriber);
        let answer = async |uri: Uri| match uri.path() {
            "/busy" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let router = traced(Router::new().fallback(any(answer)));
        let mut logged = Vec::new();
        for path in ["/busy", "/broken"] {
            log.0.lock().expect("no panic").clear();
            let request = Request::builder().uri(path).body(Body::empty());
            let answered = router.clone().oneshot(request.expect("a request")).await;
            assert!(answered.expect("an answer").status().is_server_error());
            let text = String::from_utf8(log.0.lock().expect("no panic").clone());
            logged.push(text.expect("UTF-8").contains("ERROR"));
        }
        assert_eq!(logged, [false, true]);
    }

    // leptos spawns tasks while it lists the pages, so this test needs a runtime.
    #[tokio::test]
    async fn every_page_on_which_something_is_done_is_in_a_part_of_the_client() {
        let read = [
            "/",
            "/home",
            "/about",
            "/explore",
            "/user/{username}",
            "/tag/{tag}",
            "/post/{post}",
            "/comments/new",
            "/comments/{comment}",
            "/posts",
            "/page/{page}",
            "/{page}",
        ];
        for address in ADDRESSES.iter() {
            let page = PageRoute::at(&address.replace('{', "a-").replace('}', ""));
            assert!(page.is_some(), "{address}");
            let is_read = read.contains(&address.as_str());
            assert_eq!(page.and_then(PageRoute::chunk).is_none(), is_read, "{address}");
        }
        assert_eq!(PageRoute::at("/account/nothing"), None);
    }
}
