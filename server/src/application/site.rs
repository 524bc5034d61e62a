//! Opens the parts of a site: its database with the current schema, its picture storage and its mailer.

use std::{
    fs::DirBuilder, num::NonZero, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc,
    thread::available_parallelism,
};

use domain::{
    AppState, Reads, SiteSettings,
    accounts::password::Hasher,
    data::database_copy,
    mail::transport::Mailer,
    media::Media,
    platform::{
        clock::Clock,
        db::{Db, Pool},
        limit::Limit,
        outgoing::{OutgoingClient, OutgoingSettings},
    },
};
use migration::{Migrator, MigratorTrait};
use shared::error::AppError;

use super::StartError;
use crate::{config::Config, ops::backup};

/// The folder within the data folder to which mails are written if there is no mail server.
pub const MAIL_FOLDER: &str = "mail";

/// Opens the site and brings the database schema up to date.
///
/// # Errors
/// Returns an error if the site cannot be opened or its schema cannot be upgraded.
pub async fn state(config: &Config) -> Result<AppState, StartError> {
    let state = open(config, &Pool::default()).await?;
    upgrade(config).await?;
    Ok(state)
}

/// The result of an upgrade of the database schema.
#[derive(Debug, Default)]
pub struct Upgrade {
    /// The number of migrations that were applied.
    pub steps: usize,
    /// The backup of the database before the upgrade, if one was taken.
    pub backup: Option<PathBuf>,
}

/// Brings the database schema up to date. Backs up an existing database first.
///
/// # Errors
/// Returns an error if the database cannot be reached, backed up or migrated.
pub async fn upgrade(config: &Config) -> Result<Upgrade, StartError> {
    // The connection has no time limit for statements, because a migration may take long.
    let db = config.database.connect().await.map_err(StartError::Database)?;
    refuse_half(&db).await?;
    let lock = db.lock_schema().await.map_err(StartError::Database)?;
    // The previous holder of the lock may have started a copy in the meantime.
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

/// Rejects a database into which a copy is incomplete.
///
/// # Errors
/// Returns [`StartError::Copying`] if a copy was started but not finished.
pub async fn refuse_half(db: &Db) -> Result<(), StartError> {
    if database_copy::is_begun(db).await.map_err(StartError::Database)? {
        return Err(StartError::Copying);
    }
    Ok(())
}

/// Rejects a schema that contains migrations of a newer version.
///
/// # Errors
/// Returns [`StartError::Newer`] if one of the `applied` migrations is unknown.
pub fn refuse_newer(applied: &[String]) -> Result<(), StartError> {
    match Migrator::unknown(applied) {
        Some(step) => Err(StartError::Newer(step.to_owned())),
        None => Ok(()),
    }
}

/// Opens the site without changing its schema. The use of the database is limited by `bounds`.
///
/// # Errors
/// Returns an error if the data folder, the pictures, the mailer or the database cannot be opened.
pub async fn open(config: &Config, bounds: &Pool) -> Result<AppState, StartError> {
    make_data_dir(config)?;
    // Settings are checked first, so that errors in them are reported before anything is changed.
    let mailer = mailer(config)?;
    let media = Media::new(config.media.open()?, config.media.served.clone()).map_err(StartError::Media)?;
    let db = Db::connect_with(config.database.url.expose(), bounds)
        .await
        .map_err(StartError::Database)?;
    let cores = available_parallelism().map_or(1, NonZero::get);
    let clock = Clock::default();
    Ok(AppState {
        db,
        hasher: Hasher::new(config.hashing_cost, cores).map_err(|_: AppError| StartError::Passwords)?,
        settings: Arc::new(settings(config)),
        site: Arc::default(),
        limits: Arc::new(config.limits.map(|name, rates| Limit::new(name, rates, &clock))),
        clock,
        mailer,
        jobs: AppState::all_jobs(),
        media,
        reads: Arc::new(Reads::new(config.read_cache)),
        outgoing: OutgoingClient::new(OutgoingSettings::new(
            config.site_url.clone(),
            config.outgoing_allow.clone(),
        )),
        schedule_changed: Arc::default(),
    })
}

/// Creates the data folder, accessible to its owner only.
pub fn make_data_dir(config: &Config) -> Result<(), StartError> {
    DirBuilder::new()
        .recursive(true)
        // The folder contains password hashes and email addresses.
        .mode(0o700)
        .create(&config.data_dir)
        .map_err(|error| StartError::DataDir(config.data_dir.display().to_string(), error))
}

/// Returns the settings that use-cases need.
#[must_use]
pub fn settings(config: &Config) -> SiteSettings {
    SiteSettings {
        site_url: config.site_url.clone(),
        websub_hub: config.websub_hub.clone(),
        fixed: config.site.clone(),
    }
}

/// Returns the mailer that `config` describes.
///
/// # Errors
/// Returns an error if the address of the mail server is invalid.
pub fn mailer(config: &Config) -> Result<Mailer, StartError> {
    let from = config.mail.from.clone();
    match &config.mail.smtp_url {
        Some(url) => Mailer::smtp(url.expose(), from).map_err(StartError::Mail),
        None => Ok(Mailer::folder(config.data_dir.join(MAIL_FOLDER), from)),
    }
}
