//! The parts of a site: its database with the current schema, its pictures, its mailer.

use std::{
    fs::DirBuilder, num::NonZero, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc,
    thread::available_parallelism,
};

use domain::{
    AppState, SiteSettings,
    accounts::password::Hasher,
    data::database_copy,
    mail::{outbox::Outbox, transport::Mailer},
    media::Media,
    platform::{
        clock::Clock,
        db::{Db, Pool},
        limit::Limit,
    },
};
use migration::{Migrator, MigratorTrait};
use shared::error::AppError;

use super::StartError;
use crate::{config::Config, ops::backup};

/// Where mails go without a mail server, in the data folder.
pub const MAIL_FOLDER: &str = "mail";

/// Opens what the site is made of, and brings the database's schema up to date.
///
/// # Errors
/// Whatever prevents that.
pub async fn state(config: &Config) -> Result<AppState, StartError> {
    let state = open(config, &Pool::default()).await?;
    upgrade(config).await?;
    Ok(state)
}

/// The migrations that were applied.
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
pub async fn upgrade(config: &Config) -> Result<Upgrade, StartError> {
    // A step may take longer than anything else.
    let db = config.database.connect().await.map_err(StartError::Database)?;
    refuse_half(&db).await?;
    let lock = db.lock_schema().await.map_err(StartError::Database)?;
    // Whoever had it may have begun a copy.
    refuse_half(&db).await?;
    let applied = Migrator::applied(db.writer().pool())
        .await
        .map_err(StartError::schema)?;
    refuse_newer(&applied)?;
    let backup = backup::before_upgrade(config, &applied)
        .await?
        .map(|taken| taken.path);
    if let Some(file) = &backup {
        tracing::info!(file = %file.display(), "backed up the database before changing its schema");
    }
    Migrator::up(db.writer().pool(), None)
        .await
        .map_err(StartError::schema)?;
    if backup.is_some() {
        backup::after_upgrade(config);
    }
    drop(lock);
    db.close().await.map_err(StartError::Database)?;
    let steps = Migrator::lacks(&applied);
    if steps > 0 {
        tracing::info!(steps, "the database schema is up to date");
    }
    Ok(Upgrade { steps, backup })
}

/// Leaves a database alone that is half copied.
///
/// # Errors
/// [`StartError::Copying`] when it is.
pub async fn refuse_half(db: &Db) -> Result<(), StartError> {
    if database_copy::is_begun(db).await.map_err(StartError::Database)? {
        return Err(StartError::Copying);
    }
    Ok(())
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

/// Opens what the site is made of, with the schema as it is and the database within `bounds`.
///
/// # Errors
/// Whatever prevents that.
pub async fn open(config: &Config, bounds: &Pool) -> Result<AppState, StartError> {
    make_data_dir(config)?;
    // What settings can get wrong comes first: it is told before anything is changed.
    let mailer = mailer(config)?;
    let media = Media::new(config.media.open()?, config.media.served.clone()).map_err(StartError::Media)?;
    let db = Db::connect_with(config.database.url.expose(), bounds)
        .await
        .map_err(StartError::Database)?;
    let cores = available_parallelism().map_or(1, NonZero::get);
    let clock = Clock::default();
    Ok(AppState {
        db,
        hasher: Hasher::new(cores).map_err(|_: AppError| StartError::Passwords)?,
        settings: Arc::new(settings(config)),
        limits: Arc::new(config.limits.map(|name, rates| Limit::new(name, rates, &clock))),
        clock,
        mailer,
        outbox: Outbox::default(),
        media,
    })
}

/// Makes the data folder, for its owner alone.
pub fn make_data_dir(config: &Config) -> Result<(), StartError> {
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
        site_url: config.site_url.clone(),
        posts_per_page: config.posts_per_page,
        registration: config.registration,
        websub_hub: config.websub_hub.clone(),
    }
}

/// Returns the mailer that `config` describes.
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
