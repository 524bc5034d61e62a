//! Builds the application from its configuration and runs it. Every running site and every test has its own instance.

mod background;
mod error;
mod listener;
mod site;
mod watch;

use std::{future::pending, net::SocketAddr, time::Duration};

use axum::Router;
use domain::{
    AppState, Scope, SiteUrl,
    accounts::{session_store::DbSessionStore, setup_token},
    platform::{db::snapshot, first_origin},
};
use shared::error::AppError;
use tokio::{
    net::TcpListener,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

pub(crate) use self::listener::activated;
use self::{
    background::Background,
    listener::bind,
    site::{MAIL_FOLDER, make_data_dir},
};
pub use self::{
    error::StartError,
    site::{Upgrade, mailer, open, refuse_half, refuse_newer, settings, state, upgrade},
};
use crate::{
    config::Config,
    http::{
        connections::Connections,
        open_files,
        serve::{Bounds, serve},
    },
    ops::{
        database_lock::{self, Lock},
        error_alerts::Faults,
        metrics::{self, Metrics},
    },
    router,
    routes::assets,
};

/// How long connections are still accepted after a stop is requested, so that load balancers notice the stop.
const SETTLE: Duration = Duration::from_secs(2);
/// The maximum time that a stop waits for running database statements.
const LAST_STATEMENTS: Duration = Duration::from_secs(2);

/// A site that is ready to serve.
pub struct Application {
    listener: TcpListener,
    metrics: Option<(TcpListener, Router)>,
    router: Router,
    site_url: SiteUrl,
    bounds: Bounds,
    stopping: CancellationToken,
    state: AppState,
    background: Background,
    _lock: Option<Lock>,
}

impl Application {
    /// Opens the database, brings its schema up to date and binds the listeners.
    ///
    /// # Errors
    /// Returns an error if the site cannot start.
    pub async fn build(config: &Config) -> Result<Self, StartError> {
        Self::build_with(config, Router::new()).await
    }

    /// Builds the application with the additional routes of `more`, for tests of the surrounding layers.
    ///
    /// # Errors
    /// Returns an error if the site cannot start.
    pub async fn build_with(config: &Config, more: Router) -> Result<Self, StartError> {
        make_data_dir(config)?;
        let database = snapshot::file(config.database.url.expose());
        let lock = database.as_deref().map(database_lock::take).transpose()?;
        let mut state = open(config, &config.database.pool).await?;
        config.media.probe(&state.media.store).await?;
        let counted = config.metrics_listen.map(|_| Metrics::default());
        if let Some(counted) = counted.clone() {
            state.db.on_statement(move |_, took| counted.statement(took));
        }
        upgrade(config).await?;
        first_origin::keep(&state).await.map_err(StartError::Database)?;
        if config.mail.smtp_url.is_none() {
            let folder = config.data_dir.join(MAIL_FOLDER);
            tracing::warn!(folder = %folder.display(), "no mail server is configured: emails are written to files in this folder");
        }
        let is_local = config.listen.ip().is_loopback() && config.site_url.host() == "localhost";
        if !config.site_url.is_https() && !is_local {
            tracing::warn!(
                "BROADSHEET_SITE_URL is not https: passwords are sent unencrypted, and cookies can be stolen on the way"
            );
        }
        if !config.limits.are_on() {
            tracing::warn!(
                "BROADSHEET_LIMITS is off: passwords can be guessed as fast as this machine can hash them"
            );
        }
        let store = DbSessionStore::new(state.db.clone(), state.clock.clone());
        let stopping = CancellationToken::new();
        let options = assets::options(config);
        let router = router::router(
            state.clone(),
            store.clone(),
            options,
            config,
            stopping.clone(),
            more,
            counted.clone(),
        )?;
        let listener = match activated()? {
            Some(listener) => listener,
            None => bind("BROADSHEET_LISTEN", config.listen).await?,
        };
        let metrics = match config.metrics_listen.zip(counted) {
            Some((address, counted)) => {
                let listener = bind("BROADSHEET_METRICS_LISTEN", address).await?;
                Some((listener, counted.routes(state.clone())))
            }
            None => None,
        };
        Ok(Self {
            listener,
            metrics,
            router,
            site_url: config.site_url.clone(),
            bounds: Bounds {
                connections: Connections::new(open_files::connections(config)),
                first_head: config.network.first_head,
                trusted_proxies: config.trusted_proxies.clone(),
            },
            stopping,
            background: Background::start(&state, store, config).await,
            _lock: lock,
            state,
        })
    }

    /// Returns the routes, for tests that send their requests without a network.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Returns the state of the application, for tests that inspect more than its pages.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Starts to send the errors that `errors` receives to the administrators by mail.
    pub fn mail_errors(&mut self, errors: Faults) {
        self.background.mail_errors(errors);
    }

    /// Returns the address of the listener.
    ///
    /// # Errors
    /// Returns an error if the system does not report the address.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Returns instructions for becoming the first administrator, or `None` if there is an administrator. They contain
    /// the setup link, which works once, only on a terminal, because a log must not contain it.
    ///
    /// # Errors
    /// Returns an error if the database cannot be reached.
    pub async fn invitation(&self, is_terminal: bool) -> Result<Option<String>, AppError> {
        let command = "broadsheet user promote NAME";
        let link = setup_token::invite(&Scope::command_line(self.state.clone())).await?;
        Ok(link.map(|link| {
            if is_terminal {
                format!("There is no administrator yet. Open this link to become the administrator and to set up the site.\n\
                         It works once, for one day. You can also run `{command}`.\n{link}")
            } else {
                format!("there is no administrator yet: run `{command}` to make a user an administrator, or `broadsheet user add` to create an account")
            }
        }))
    }

    /// Returns the message that the console shows when the site is running.
    #[must_use]
    pub fn welcome(&self) -> String {
        let address = self
            .address()
            .map_or_else(|_| String::new(), |address| format!("http://{address}"));
        format!(
            "Broadsheet is serving on {address}\n\
             Open it in a browser, register, and write the first post. People reach it at {}.\n\
             Press Ctrl-C to stop it. Run `broadsheet --help` for a list of settings.",
            self.site_url.origin()
        )
    }

    /// Serves until `stop` is ready. Then announces the stop to load balancers, completes the running requests and
    /// returns.
    pub async fn run_until(self, stop: impl Future<Output = ()>) {
        let stopping = self.stopping;
        let settled = async move {
            stop.await;
            stopping.cancel();
            sleep(SETTLE).await;
        };
        let watched = self.metrics.map(|(listener, router)| {
            let bounds = Bounds {
                // A monitoring system connects from a single address, and idle connections make room for new ones, so
                // the number per address is not limited.
                connections: Connections::with(metrics::CONNECTIONS, usize::MAX),
                first_head: self.bounds.first_head,
                trusted_proxies: Vec::new(),
            };
            tokio::spawn(serve(listener, router, bounds, pending()))
        });
        serve(self.listener, self.router, self.bounds, settled).await;
        watched.inspect(JoinHandle::abort);
        self.background.stop().await;
        // Closing the database moves the contents of SQLite's write-ahead log into the database file, so that a copy of
        // this one file is complete.
        match timeout(LAST_STATEMENTS, self.state.db.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the database cannot be closed"),
            Err(_) => tracing::warn!("a statement was still running; the database closes by itself"),
        }
    }
}
