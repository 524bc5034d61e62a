//! Metrics for a monitoring system (Prometheus, OpenMetrics): requests, the database, queues. They are served on an
//! address of their own, because they are not public.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, header::CONTENT_TYPE},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    AppState, Scope,
    jobs::{JobState, administration},
    posts::schedule,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};

use crate::http::host;

/// The path of the metrics.
pub(crate) const PATH: &str = "/metrics";
/// The name of the metric with the version of the program.
pub(crate) const BUILD: &str = "broadsheet_build_info";
/// The maximum number of connections of monitoring systems.
pub(crate) const CONNECTIONS: usize = 8;
/// The route label of requests that match no route.
const NO_ROUTE: &str = "none";
/// The media type of OpenMetrics 1.0.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Queued {
    kind: String,
    state: &'static str,
}

/// The number of page requests without a login, by how they were answered.
#[derive(Debug, Clone, Default)]
struct Pages {
    kept: Counter,
    made: Counter,
}

/// Marks a request that is counted elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted;

/// The route of a request. Stored in the extensions of its response.
#[derive(Debug, Clone)]
pub(crate) struct Route(String);

/// The metrics of the program.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Counter>,
    latency: Family<Of, Histogram, fn() -> Histogram>,
    statements: Counter,
    database: Counter<f64, AtomicU64>,
    pages: Pages,
    hashing: Gauge,
    pictures: Gauge,
    overdue: Gauge,
    jobs: Family<Queued, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("broadsheet");
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "Version of the program", Info::new(version));
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let latency: Family<Of, Histogram, fn() -> Histogram> = Family::new_with_constructor(histogram);
        registry.register_with_unit(
            "http_request_duration",
            "Time until an answer began",
            Unit::Seconds,
            latency.clone(),
        );
        let (statements, database) = (Counter::default(), Counter::default());
        registry.register(
            "database_statements",
            "Statements run by the database",
            statements.clone(),
        );
        registry.register_with_unit(
            "database_time",
            "Total time taken by these statements",
            Unit::Seconds,
            database.clone(),
        );
        let pages = Pages::default();
        registry.register("pages_kept", "Pages sent from the cache", pages.kept.clone());
        registry.register(
            "pages_made",
            "Pages rendered, and cached where possible",
            pages.made.clone(),
        );
        let gauge = |registry: &mut Registry, name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let hashing = gauge(
            &mut registry,
            "password_hashes_waiting",
            "Passwords waiting to be hashed",
        );
        let pictures = gauge(
            &mut registry,
            "pictures_waiting",
            "Pictures waiting to be made smaller",
        );
        let overdue = Gauge::default();
        registry.register_with_unit(
            "scheduled_overdue",
            "Time since the first scheduled post that is not published was due",
            Unit::Seconds,
            overdue.clone(),
        );
        let jobs = Family::default();
        registry.register("jobs", "Jobs that are not done, such as emails", jobs.clone());
        Self {
            registry: Arc::new(registry),
            requests,
            latency,
            statements,
            database,
            pages,
            hashing,
            pictures,
            overdue,
            jobs,
        }
    }
}

impl Metrics {
    /// Counts a page that was rendered for the cache.
    pub(crate) fn made(&self) {
        self.pages.made.inc();
    }

    /// Counts a page that was sent from the cache.
    pub(crate) fn kept(&self) {
        self.pages.kept.inc();
    }

    /// Counts a response of `route`, or of no route.
    pub(crate) fn answered(
        &self,
        method: &Method,
        route: Option<&Route>,
        status: StatusCode,
        took: Duration,
    ) {
        let route = route.map_or_else(|| NO_ROUTE.to_owned(), |Route(route)| route.clone());
        let of = Of { route: route.clone() };
        self.latency.get_or_create(&of).observe(took.as_secs_f64());
        let answered = Answered {
            method: known(method).to_owned(),
            route,
            status: status.as_u16(),
        };
        self.requests.get_or_create(&answered).inc();
    }

    /// Counts a database statement.
    pub(crate) fn statement(&self, took: Duration) {
        self.statements.inc();
        self.database.inc_by(took.as_secs_f64());
    }

    /// Counts the jobs that are not done. A kind of which there are none counts as well.
    fn jobs(&self, state: &AppState, counts: Vec<(String, JobState, i64)>) {
        self.jobs.clear();
        let open = || JobState::ALL.into_iter().filter(|state| *state != JobState::Done);
        let none = state
            .jobs
            .kinds()
            .flat_map(|kind| open().map(move |state| (kind.to_owned(), state, 0)));
        for (kind, state, jobs) in none.chain(counts) {
            let state = state.name();
            self.jobs.get_or_create(&Queued { kind, state }).set(jobs);
        }
    }

    /// Returns the router for the listener of the metrics.
    pub(crate) fn routes(&self, state: AppState) -> Router {
        Router::new()
            .route(PATH, get(show))
            .with_state((self.clone(), state))
            .layer(from_fn(host::require))
    }
}

/// Returns the name of a method. Unusual methods share one name, because clients can make up any number of them.
fn known(method: &Method) -> &str {
    let usual = [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS];
    if usual.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

/// Counts a request and its response, and stores the route in the response.
pub(crate) async fn record(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let is_counted = request.extensions().get::<Counted>().is_some();
    // The label is the route instead of the address, because there are as many addresses as posts.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map(|route| Route(route.as_str().to_owned()));
    let mut response = next.run(request).await;
    if !is_counted {
        metrics.answered(&method, route.as_ref(), response.status(), begun.elapsed());
    }
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Returns a histogram with buckets from half a millisecond to eight seconds.
fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 2.0, 15))
}

async fn show(State((metrics, state)): State<(Metrics, AppState)>) -> Response {
    metrics.hashing.set(signed(state.hasher.waiting()));
    metrics.pictures.set(signed(state.media.waiting()));
    // If the database is not available, the other metrics are still reported.
    if let Ok(counts) = administration::count(state.db.reader()).await {
        metrics.jobs(&state, counts);
    }
    if let Ok(next) = schedule::next(&Scope::job(state.clone())).await {
        let overdue = next.map_or(0, |at| (state.clock.now() - at).whole_seconds().max(0));
        metrics.overdue.set(overdue);
    }
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(error) => {
            tracing::warn!(%error, "metrics cannot be collected");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn signed(number: u64) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
