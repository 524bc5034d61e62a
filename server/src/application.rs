//! Builds the application from its configuration and runs it. Every running site and every test has its own.

use std::{
    fs::DirBuilder, num::NonZero, os::unix::fs::DirBuilderExt, sync::Arc, thread::available_parallelism,
};

use app::{
    backend::{AppState, SiteSettings, clock::Clock, db::Db, password::Hasher, session::DbSessionStore},
    error::AppError,
};
use axum::Router;
use migration::{Migrator, MigratorTrait};
use sea_orm::DbErr;
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinHandle, time::interval};

use crate::{
    assets,
    config::{Config, SiteUrl},
    router,
};

/// How often expired sessions are swept.
const SWEEP: std::time::Duration = std::time::Duration::from_hours(1);

/// Why the application cannot start. What a setting can mend names the setting.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("BROADSHEET_DATA_DIR: the folder {0} cannot be created: {1}")]
    DataDir(String, std::io::Error),
    /// The database cannot be reached.
    #[error("BROADSHEET_DATABASE_URL: the database cannot be opened: {0}")]
    Database(DbErr),
    /// The schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Schema(DbErr),
    /// The address to listen on is taken or not ours.
    #[error("BROADSHEET_LISTEN: {0} cannot be listened on: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// The configured address of the site is no origin.
    #[error("BROADSHEET_SITE_URL: {0}")]
    SiteUrl(String),
    /// Connections can no longer be accepted.
    #[error("the server has stopped: {0}")]
    Serve(std::io::Error),
    /// Passwords cannot be hashed.
    #[error("passwords cannot be hashed on this machine")]
    Passwords,
}

impl StartError {
    /// Whether another setting would help.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        matches!(
            self,
            Self::DataDir(..) | Self::Database(_) | Self::Listen(..) | Self::SiteUrl(_)
        )
    }
}

/// A site that is ready to serve.
#[derive(Debug)]
pub struct Application {
    listener: TcpListener,
    router: Router,
    site_url: SiteUrl,
    sweeper: JoinHandle<()>,
}

impl Application {
    /// Opens the database, brings its schema up to date, and starts to listen.
    ///
    /// # Errors
    /// Whatever prevents the site from serving.
    pub async fn build(config: &Config) -> Result<Self, StartError> {
        DirBuilder::new()
            .recursive(true)
            // It holds password hashes and addresses.
            .mode(0o700)
            .create(&config.data_dir)
            .map_err(|error| StartError::DataDir(config.data_dir.display().to_string(), error))?;
        let state = state(config).await?;
        let store = DbSessionStore::new(state.db.clone(), state.clock.clone());
        let router = router::router(state, store.clone(), assets::options(config), &config.site_url)?;
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| StartError::Listen(config.listen, error))?;
        Ok(Self {
            listener,
            router,
            site_url: config.site_url.clone(),
            sweeper: tokio::spawn(sweep(store)),
        })
    }

    /// The routes, for tests that send their requests without a network.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// What the console says when the site is up.
    #[must_use]
    pub fn welcome(&self) -> String {
        let address = self
            .listener
            .local_addr()
            .map_or_else(|_| String::new(), |address| format!("http://{address}"));
        format!(
            "Broadsheet is serving on {address}\n\
             Open it in a browser, register, and write the first post. People reach it at {}.\n\
             Ctrl-C stops it; `broadsheet --help` lists the settings.",
            self.site_url.origin()
        )
    }

    /// Serves until `stop` is ready, then answers what has begun and returns.
    ///
    /// # Errors
    /// When connections can no longer be accepted.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let served = axum::serve(self.listener, self.router)
            .with_graceful_shutdown(stop)
            .await;
        self.sweeper.abort();
        served
    }
}

async fn state(config: &Config) -> Result<AppState, StartError> {
    let db = Db::connect(&config.database_url)
        .await
        .map_err(StartError::Database)?;
    Migrator::up(db.writer(), None)
        .await
        .map_err(StartError::Schema)?;
    let cores = available_parallelism().map_or(1, NonZero::get);
    Ok(AppState {
        db,
        hasher: Hasher::new(cores).map_err(|_: AppError| StartError::Passwords)?,
        clock: Clock::default(),
        settings: Arc::new(SiteSettings {
            posts_per_page: config.posts_per_page,
        }),
    })
}

async fn sweep(store: DbSessionStore) {
    let mut hourly = interval(SWEEP);
    loop {
        hourly.tick().await;
        match store.sweep().await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "expired sessions deleted"),
            Err(error) => tracing::warn!(%error, "expired sessions could not be deleted"),
        }
    }
}
