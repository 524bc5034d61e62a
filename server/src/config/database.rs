//! Settings for the database.

use std::path::{Path, PathBuf};

use clap::Args;
use domain::platform::db::{Db, Pool};
use sea_orm::DbErr;
use shared::forms::Secret;

use super::{ConfigError, parse};

/// The unvalidated settings for the database.
#[derive(Debug, Clone, Args)]
pub(super) struct DatabaseSettings {
    /// Database URL [default: an SQLite file in the data folder]. `DATABASE_URL` is read as well
    #[arg(long, env = "BROADSHEET_DATABASE_URL", value_name = "URL", hide_env_values = true,
          value_parser = parse::database_url)]
    database_url: Option<String>,

    /// File that contains the database URL
    #[arg(long, env = "BROADSHEET_DATABASE_URL_FILE", value_name = "FILE")]
    database_url_file: Option<PathBuf>,

    /// Database URL, as container hosts set it
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide = true, hide_env_values = true,
          value_parser = parse::database_url)]
    plain_database_url: Option<String>,

    /// Maximum number of connections that the server uses, 2 to 1000
    #[arg(long, env = "BROADSHEET_DATABASE_CONNECTIONS", value_name = "NUMBER", default_value = "8",
          value_parser = clap::value_parser!(u32).range(2..=1_000))]
    database_connections: u32,

    /// How long PostgreSQL works on one statement from the server before it gives up, such as `30s`; `off`: no limit
    #[arg(long, env = "BROADSHEET_DATABASE_STATEMENT_TIMEOUT", value_name = "TIME", default_value = "30s",
          value_parser = parse::limit)]
    database_statement_timeout: parse::OrOff,
}

/// The validated settings for the database.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// The URL of the database.
    pub url: Secret,
    /// The limits of its use by the server.
    pub pool: Pool,
}

impl DatabaseSettings {
    pub(super) fn complete(self, data_dir: &Path) -> Result<DatabaseConfig, ConfigError> {
        let url = parse::one_of(
            "BROADSHEET_DATABASE_URL",
            self.database_url.or(self.plain_database_url),
            self.database_url_file.as_deref(),
        )?;
        let url =
            url.unwrap_or_else(|| format!("sqlite://{}", data_dir.join("broadsheet.sqlite3").display()));
        // clap has checked only the URL of the setting itself, not one that was read from a file.
        let url = parse::database_url(&url)
            .map_err(|error| ConfigError::Setting(format!("BROADSHEET_DATABASE_URL: {error}")))?;
        Ok(DatabaseConfig {
            url: Secret::from(url.as_str()),
            pool: Pool {
                connections: self.database_connections,
                statement_timeout: self.database_statement_timeout.0,
            },
        })
    }
}

impl DatabaseConfig {
    /// Opens the database without a time limit for statements.
    ///
    /// # Errors
    /// Returns an error if it cannot be reached, or does not guarantee durability.
    pub async fn connect(&self) -> Result<Db, DbErr> {
        Db::connect(self.url.expose()).await
    }
}
