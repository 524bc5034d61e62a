//! Builds the application from its configuration and runs it. Every running site and every test has its own.

use std::{
    fs::DirBuilder, future::pending, net::SocketAddr, num::NonZero, os::unix::fs::DirBuilderExt,
    path::PathBuf, sync::Arc, thread::available_parallelism, time::Duration,
};

use app::{
    backend::{
        AppState, SiteSettings,
        account::first,
        clock::Clock,
        db::{Db, snapshot},
        image, lease,
        limit::Limit,
        mail::Mailer,
        media::{self, Media},
        outbox::{self, Outbox},
        password::Hasher,
        post::{self, trash},
        session::DbSessionStore,
        token,
    },
    error::AppError,
};
use axum::Router;
use ipnet::IpNet;
use listenfd::ListenFd;
use migration::{Migrator, MigratorTrait};
use sea_orm::DbErr;
use thiserror::Error;
use tokio::{
    net::TcpListener,
    task::JoinHandle,
    time::{interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    assets,
    backup::{self, BackupError},
    config::{Config, SiteUrl},
    faults::{self, Faults},
    lock::{self, Lock, LockError},
    metrics::Metrics,
    router,
    serve::serve,
};

/// How often what is out of date is cleared away.
const SWEEP: Duration = Duration::from_mins(1);
/// Expired sessions and tokens are in nobody's way: they wait for so many rounds.
const HOURLY: u64 = 60;
/// After it was asked to stop, the program still takes visitors for so long: a load balancer has to notice.
const SETTLE: Duration = Duration::from_secs(2);
/// How long a stop waits for the mails that are being sent.
const LAST_MAILS: Duration = Duration::from_secs(5);
/// How long it waits for the database.
const LAST_STATEMENTS: Duration = Duration::from_secs(2);
/// Where mails go without a mail server, in the data folder.
const MAIL_FOLDER: &str = "mail";

/// Why the application cannot start. What a setting can mend names the setting.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("BROADSHEET_DATA_DIR: the folder {0} cannot be created: {1}")]
    DataDir(String, std::io::Error),
    /// The database cannot be reached.
    #[error("BROADSHEET_DATABASE_URL: the database cannot be opened: {0}")]
    Database(DbErr),
    /// Another server has the database.
    #[error("BROADSHEET_DATABASE_URL: {0}")]
    Lock(#[from] LockError),
    /// The database has been written by a newer version.
    #[error(
        "the database has the step {0}, which this version does not know; use the newer version that has written it"
    )]
    Newer(String),
    /// The database cannot be backed up before it is changed.
    #[error(
        "no backup could be made before the schema is changed: {0}; BROADSHEET_BACKUP_BEFORE_UPGRADE=off goes on without"
    )]
    Backup(#[from] BackupError),
    /// The schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Schema(DbErr),
    /// The address to listen on is taken or not ours.
    #[error("{0}: {1} cannot be listened on: {2}")]
    Listen(&'static str, SocketAddr, std::io::Error),
    /// The supervisor has opened no socket that can be used.
    #[error("the socket that the supervisor has opened cannot be used: {0}")]
    Socket(std::io::Error),
    /// The configured address of the site is no origin.
    #[error("BROADSHEET_SITE_URL: {0}")]
    SiteUrl(String),
    /// Pictures cannot be kept.
    #[error("BROADSHEET_MEDIA_URL: the folder {0} cannot be used: {1}")]
    Media(String, String),
    /// The mail server's address is none.
    #[error("BROADSHEET_SMTP_URL: {0}")]
    Mail(String),
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
            Self::DataDir(..)
                | Self::Database(_)
                | Self::Listen(..)
                | Self::SiteUrl(_)
                | Self::Media(..)
                | Self::Mail(_)
                | Self::Lock(_)
                | Self::Newer(_)
                | Self::Backup(_)
        )
    }
}

/// A site that is ready to serve.
pub struct Application {
    listener: TcpListener,
    metrics: Option<(TcpListener, Router)>,
    router: Router,
    site_url: SiteUrl,
    trusted_proxies: Vec<IpNet>,
    stopping: CancellationToken,
    state: AppState,
    sweeper: JoinHandle<()>,
    renderer: JoinHandle<()>,
    postman: JoinHandle<()>,
    archivist: JoinHandle<()>,
    reporter: Option<JoinHandle<()>>,
    _lock: Option<Lock>,
}

impl Application {
    /// Opens the database, brings its schema up to date, and starts to listen.
    ///
    /// # Errors
    /// Whatever prevents the site from serving.
    pub async fn build(config: &Config) -> Result<Self, StartError> {
        Self::build_with(config, Router::new()).await
    }

    /// The same with `more` routes, for tests of what happens around them.
    ///
    /// # Errors
    /// Whatever prevents the site from serving.
    pub async fn build_with(config: &Config, more: Router) -> Result<Self, StartError> {
        make_data_dir(config)?;
        let database = snapshot::file(config.database_url.expose());
        let lock = database.as_deref().map(lock::take).transpose()?;
        let mut state = open(config).await?;
        let counted = config.metrics_listen.map(|_| Metrics::default());
        if let Some(counted) = counted.clone() {
            state.db.on_statement(move |_, took| counted.statement(took));
        }
        upgrade(config, &state.db).await?;
        if config.mail.smtp_url.is_none() {
            let folder = config.data_dir.join(MAIL_FOLDER);
            tracing::warn!(folder = %folder.display(), "no mail server is configured: mails become files in this folder");
        }
        let is_local = config.listen.ip().is_loopback() && config.site_url.host() == "localhost";
        if !config.site_url.is_https() && !is_local {
            tracing::warn!(
                "BROADSHEET_SITE_URL is not https: passwords cross the network as they are, and cookies can be stolen on their way"
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
            trusted_proxies: config.trusted_proxies.clone(),
            stopping,
            sweeper: tokio::spawn(sweep(state.clone(), store)),
            renderer: tokio::spawn(render_old(state.clone())),
            postman: tokio::spawn(outbox::work(state.clone())),
            archivist: tokio::spawn(backup::work(state.clone(), config.clone())),
            reporter: None,
            _lock: lock,
            state,
        })
    }

    /// The routes, for tests that send their requests without a network.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// What the site is made of, for tests that look behind its pages.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Has the administrators told of `heard` by mail, from now on.
    pub fn mail_faults(&mut self, heard: Faults) {
        self.reporter = Some(tokio::spawn(faults::mail(self.state.clone(), heard)));
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// How somebody becomes the first administrator, while nobody is: on a terminal by a link, which works once; a log is no
    /// place for one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn invitation(&self, is_terminal: bool) -> Result<Option<String>, AppError> {
        let command = "broadsheet user promote NAME";
        let link = first::invite(&self.state).await?;
        Ok(link.map(|link| {
            if is_terminal {
                format!("Nobody is an administrator yet. Become it by this link, which works once, for a day:\n{link}\n(or: {command})")
            } else {
                format!("nobody is an administrator yet: `{command}` makes one of somebody, `broadsheet user add` a new account")
            }
        }))
    }

    /// What the console says when the site is up.
    #[must_use]
    pub fn welcome(&self) -> String {
        let address = self
            .address()
            .map_or_else(|_| String::new(), |address| format!("http://{address}"));
        format!(
            "Broadsheet is serving on {address}\n\
             Open it in a browser, register, and write the first post. People reach it at {}.\n\
             Ctrl-C stops it; `broadsheet --help` lists the settings.",
            self.site_url.origin()
        )
    }

    /// Serves until `stop` is ready, then tells load balancers so, answers what has begun, and returns.
    pub async fn run_until(self, stop: impl Future<Output = ()>) {
        let stopping = self.stopping;
        let settled = async move {
            stop.await;
            stopping.cancel();
            sleep(SETTLE).await;
        };
        let watched = self
            .metrics
            .map(|(listener, router)| tokio::spawn(serve(listener, router, Vec::new(), pending())));
        serve(self.listener, self.router, self.trusted_proxies, settled).await;
        watched.inspect(JoinHandle::abort);
        self.sweeper.abort();
        self.renderer.abort();
        self.archivist.abort();
        self.reporter.inspect(JoinHandle::abort);
        self.state.outbox.close();
        if timeout(LAST_MAILS, self.postman).await.is_err() {
            tracing::warn!("a mail was still being sent; it will be sent again");
        }
        // SQLite takes in what stands in the log beside it: who copies the one file of a site that has ended has all of it.
        match timeout(LAST_STATEMENTS, self.state.db.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the database does not close"),
            Err(_) => tracing::warn!("a statement was still running; the database closes by itself"),
        }
    }
}

async fn bind(setting: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen(setting, address, error))
}

/// The socket that a supervisor has opened for this program (`sd_listen_fds(3)`): it takes visitors while the program is
/// replaced by another.
fn activated() -> Result<Option<TcpListener>, StartError> {
    let found = || {
        let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? else {
            return Ok(None);
        };
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener).map(Some)
    };
    found().map_err(StartError::Socket)
}

/// Opens what the site is made of, and brings the database's schema up to date.
///
/// # Errors
/// Whatever prevents that.
pub async fn state(config: &Config) -> Result<AppState, StartError> {
    let state = open(config).await?;
    upgrade(config, &state.db).await?;
    Ok(state)
}

/// What has been done to bring the schema up to date.
#[derive(Debug, Default)]
pub struct Upgrade {
    /// How many steps were applied.
    pub steps: usize,
    /// Where the database is as it was before.
    pub backup: Option<PathBuf>,
}

/// Brings the database's schema up to date, after a backup of what was there.
///
/// # Errors
/// Whatever prevents that.
pub async fn upgrade(config: &Config, db: &Db) -> Result<Upgrade, StartError> {
    let applied = Migrator::applied(db.writer()).await.map_err(StartError::Schema)?;
    refuse_newer(&applied)?;
    let backup = backup::before_upgrade(config, &applied)
        .await?
        .map(|taken| taken.path);
    if let Some(file) = &backup {
        tracing::info!(file = %file.display(), "the database was backed up before its schema is changed");
    }
    Migrator::up(db.writer(), None)
        .await
        .map_err(StartError::Schema)?;
    if backup.is_some() {
        backup::after_upgrade(config);
    }
    Ok(Upgrade {
        steps: Migrator::lacks(&applied),
        backup,
    })
}

/// Leaves a schema alone that has steps of a newer version.
///
/// # Errors
/// [`StartError::Newer`] when it has.
pub fn refuse_newer(applied: &[String]) -> Result<(), StartError> {
    match Migrator::unknown(applied) {
        Some(step) => Err(StartError::Newer(step.to_owned())),
        None => Ok(()),
    }
}

/// Opens what the site is made of, with the schema as it is.
///
/// # Errors
/// Whatever prevents that.
pub async fn open(config: &Config) -> Result<AppState, StartError> {
    make_data_dir(config)?;
    // What settings can get wrong comes first: it is told before anything is changed.
    let mailer = mailer(config)?;
    let media = Media::folder(&config.media_dir)
        .map_err(|error| StartError::Media(config.media_dir.display().to_string(), error))?;
    let db = Db::connect(config.database_url.expose())
        .await
        .map_err(StartError::Database)?;
    let cores = available_parallelism().map_or(1, NonZero::get);
    Ok(AppState {
        db,
        hasher: Hasher::new(cores).map_err(|_: AppError| StartError::Passwords)?,
        clock: Clock::default(),
        settings: Arc::new(settings(config)),
        limits: Arc::new(config.limits.map(Limit::new)),
        mailer,
        outbox: Outbox::default(),
        media,
    })
}

fn make_data_dir(config: &Config) -> Result<(), StartError> {
    DirBuilder::new()
        .recursive(true)
        // It holds password hashes and addresses.
        .mode(0o700)
        .create(&config.data_dir)
        .map_err(|error| StartError::DataDir(config.data_dir.display().to_string(), error))
}

/// The settings that use-cases need.
#[must_use]
pub fn settings(config: &Config) -> SiteSettings {
    SiteSettings {
        origin: config.site_url.origin().to_owned(),
        posts_per_page: config.posts_per_page,
        registration: config.registration,
    }
}

/// What sends mails, as `config` says.
///
/// # Errors
/// When the mail server's address is none.
pub fn mailer(config: &Config) -> Result<Mailer, StartError> {
    let from = config.mail.from.clone();
    match &config.mail.smtp_url {
        Some(url) => Mailer::smtp(url.expose(), from).map_err(StartError::Mail),
        None => Ok(Mailer::folder(config.data_dir.join(MAIL_FOLDER), from)),
    }
}

/// Clears away what is out of date.
async fn sweep(state: AppState, store: DbSessionStore) {
    let mut minutely = interval(SWEEP);
    for round in 0_u64.. {
        minutely.tick().await;
        state.limits.sweep();
        media::sweep(&state).await;
        if round.is_multiple_of(HOURLY) {
            report("sessions", store.sweep().await);
            report("deleted posts", trash::sweep(&state).await);
            report("pictures in no text", image::sweep(&state).await);
            report("mails", outbox::sweep(&state).await);
            report("leases", lease::sweep(&state).await);
            report("tokens", token::sweep(state.db.writer(), state.clock.now()).await);
        }
    }
}

/// Renders all posts again that an older version has rendered.
async fn render_old(state: AppState) {
    let mut posts = 0;
    loop {
        match post::render_old(&state).await {
            Ok(0) if posts == 0 => return,
            Ok(0) => return tracing::info!(posts, "rendered again, as this version does"),
            Ok(some) => posts += some,
            Err(error) => {
                return tracing::warn!(
                    ?error,
                    "posts could not be rendered again; each is when it is read"
                );
            }
        }
    }
}

fn report(what: &str, swept: Result<u64, DbErr>) {
    match swept {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "expired {what} deleted"),
        Err(error) => tracing::warn!(%error, "expired {what} could not be deleted"),
    }
}
