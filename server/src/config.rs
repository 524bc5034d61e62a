//! The configuration. A setting is taken from a flag, the environment, the file `.env` or a TOML file, in this order,
//! or has its default value.
//!
//! To add a setting, add a field to `Settings`; its environment variable begins with `BROADSHEET_`. An invalid or
//! unknown setting prevents the start with one line that names it.

use std::{collections::BTreeMap, ffi::OsString, net::SocketAddr, path::PathBuf};

use clap::{CommandFactory, FromArgMatches};
use domain::{
    SiteUrl,
    accounts::password::HashingCost,
    platform::limit::{Limited, Rates},
    site::values::FixedSetting,
};
use ipnet::IpNet;
use shared::model::site::Setting;

mod backup;
mod command;
mod database;
mod effective;
mod error;
mod file;
mod limits;
mod log;
mod mail;
mod mailbox;
pub mod media;
/// The limits of connections and of the bodies of requests.
mod network;
mod parse;
mod settings;
mod site;

pub use backup::BackupConfig;
pub use command::{
    BackupArguments, Command, ConfigCommand, DbCommand, DemoArguments, ExportArguments, ImportArguments,
    InviteArguments, InviteCommand, JobsCommand, MailCommand, MediaCommand, MigrateCommand, NewPostArguments,
    NewUserArguments, PostCommand, RestoreArguments, SessionCommand, SettingCommand, ShellArguments,
    UpdatePostArguments, UpdateUserArguments, UserCommand,
};
pub use database::DatabaseConfig;
pub use effective::EffectiveSetting;
pub use error::ConfigError;
pub use log::{LogConfig, LogFormat};
pub use mail::MailConfig;
pub use media::MediaConfig;
pub use network::NetworkConfig;

pub use crate::http::client_limit::Concurrency;

use settings::Settings;

/// The complete, validated configuration of the application.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address on which `/metrics` is served, if any.
    pub metrics_listen: Option<SocketAddr>,
    /// The public address of the site.
    pub site_url: SiteUrl,
    /// The folder for the site's files.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseConfig,
    /// The settings of the site that the operator has given.
    pub site: BTreeMap<Setting, FixedSetting>,
    /// The maximum size of the page cache, in megabytes.
    pub page_cache: u64,
    /// The maximum size of the read cache, in megabytes.
    pub read_cache: u64,
    /// The cost of password hashes, which is not a setting: only tests reduce it.
    pub hashing_cost: HashingCost,
    /// The settings for sending mail.
    pub mail: MailConfig,
    /// The settings for storing and serving pictures.
    pub media: MediaConfig,
    /// The WebSub hub that the feeds name, if any.
    pub websub_hub: Option<String>,
    /// The contact for reports of security problems, as an address with a scheme.
    pub security_contact: Option<String>,
    /// The networks of proxies whose headers are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The networks that outgoing requests may reach although their addresses are not public.
    pub outgoing_allow: Vec<IpNet>,
    /// The limits of connections and of request bodies.
    pub network: NetworkConfig,
    /// The rate limits.
    pub limits: Limited<Rates>,
    /// The limit of responses that are created concurrently for one client, or `None` for no limit.
    pub concurrency: Option<Concurrency>,
    /// The settings for backups.
    pub backup: BackupConfig,
    /// The settings for the log.
    pub log: LogConfig,
    /// All settings, for printing.
    pub settings: Vec<EffectiveSetting>,
}

impl Config {
    /// Reads the command line, the environment, `.env` and the TOML file.
    ///
    /// # Errors
    /// Returns an error for the first invalid setting, or with the text of `--help` or `--version` if the command line
    /// asked for it.
    pub fn from_environment() -> Result<(Self, Option<Command>), ConfigError> {
        match dotenvy::from_path(".env") {
            Ok(()) => {}
            Err(error) if error.not_found() => {}
            // The line may contain a secret, so it is not repeated.
            Err(dotenvy::Error::LineParse(..)) => {
                return Err(ConfigError::Setting(
                    ".env has a line that is not NAME=value".to_owned(),
                ));
            }
            Err(error) => return Err(ConfigError::Setting(format!(".env cannot be read: {error}"))),
        }
        let names: Vec<String> = std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        error::refuse_unknown(&Settings::command(), names.iter().map(String::as_str))?;
        Self::from_arguments(Settings::command(), std::env::args_os().collect())
    }

    /// Reads the configuration with these arguments in place of those of the process.
    fn from_arguments(
        command: clap::Command,
        arguments: Vec<OsString>,
    ) -> Result<(Self, Option<Command>), ConfigError> {
        let mut values = match config_file(&command, &arguments) {
            Some(path) => file::read(&path, &command)?,
            None => file::Values::new(),
        };
        let read = |values: &file::Values| {
            let command = file::with_defaults(command.clone(), values);
            let matches = command.clone().try_get_matches_from(&arguments);
            matches.map_err(|error| ConfigError::from_clap(&command, error))
        };
        let mut matches = read(&values)?;
        if file::yields(&mut values, &matches) {
            matches = read(&values)?;
        }
        let refused = |error| ConfigError::from_clap(&command, error);
        let mut settings = Settings::from_arg_matches(&matches).map_err(refused)?;
        let wanted = settings.command.take();
        let config = settings.complete(effective::all(&command, &matches, &values))?;
        Ok((config, wanted))
    }

    /// Returns the clap command with all commands and settings of the program.
    #[must_use]
    pub fn command() -> clap::Command {
        Settings::command()
    }
}

/// Returns the configuration file that the arguments name, or the first one that exists in the default places.
fn config_file(command: &clap::Command, arguments: &[OsString]) -> Option<PathBuf> {
    // Other errors are reported later, when everything is parsed.
    let matches = command
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(arguments)
        .ok();
    let named = matches.and_then(|matches| matches.get_one::<PathBuf>("config").cloned());
    let usual = || file::PLACES.iter().map(PathBuf::from).find(|path| path.exists());
    named.or_else(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(arguments: &[&str]) -> Result<Config, ConfigError> {
        let command = Settings::command().mut_args(|argument| argument.env(None::<&str>));
        let matches = command
            .clone()
            .try_get_matches_from(std::iter::once(&"broadsheet").chain(arguments))
            .map_err(|error| ConfigError::from_clap(&Settings::command(), error))?;
        let settings = Settings::from_arg_matches(&matches).expect("complete");
        settings.complete(Vec::new())
    }

    fn refusal(arguments: &[&str]) -> String {
        match config(arguments) {
            Err(ConfigError::Setting(line)) => line,
            other => panic!("{arguments:?} gave {other:?}"),
        }
    }

    #[test]
    fn without_settings_it_serves_the_loopback_and_keeps_everything_in_one_folder() {
        let config = config(&[]).expect("defaults");
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(config.database.url.expose(), "sqlite://./data/broadsheet.sqlite3");
        assert_eq!(config.site, BTreeMap::new());
    }

    #[test]
    fn a_port_alone_means_every_address_and_gives_way_to_listen() {
        assert_eq!(
            config(&["--port", "8080"]).expect("port").listen.to_string(),
            "0.0.0.0:8080"
        );
        let both = config(&["--port", "8080", "--listen", "127.0.0.1:1"]).expect("both");
        assert_eq!(both.listen.to_string(), "127.0.0.1:1");
    }

    #[test]
    fn a_wrong_setting_is_one_line_that_names_it() {
        for (arguments, name) in [
            (["--posts-per-page", "0"], "BROADSHEET_POSTS_PER_PAGE"),
            (["--posts-per-page", "many"], "BROADSHEET_POSTS_PER_PAGE"),
            (["--listen", "here"], "BROADSHEET_LISTEN"),
            (["--port", "70000"], "PORT"),
            (["--site-url", "example.org"], "BROADSHEET_SITE_URL"),
            (["--site-url", "https://example.org/blog"], "BROADSHEET_SITE_URL"),
            (["--database-url", "mysql://x"], "BROADSHEET_DATABASE_URL"),
            (["--log", "broadsheet=loud"], "BROADSHEET_LOG"),
        ] {
            let line = refusal(&arguments);
            assert!(line.contains(name) && !line.contains('\n'), "{line:?}");
        }
    }

    #[test]
    fn hosts_with_letters_beyond_ascii_are_taken_as_networks_know_them() {
        let arguments = [
            "--site-url=https://b\u{fc}cher.example",
            "--smtp-url=smtps://ada:secret@b\u{fc}cher.example",
            "--security-contact=ada@b\u{fc}cher.example",
            "--websub-hub=https://b\u{fc}cher.example/hub",
        ];
        let complete = config(&arguments).expect("settings");
        let ascii = "xn--bcher-kva.example";
        assert_eq!(complete.site_url.origin(), format!("https://{ascii}"));
        assert_eq!(complete.mail.from.email.to_string(), format!("noreply@{ascii}"));
        let smtp_url = complete.mail.smtp_url.expect("a server");
        assert_eq!(smtp_url.expose(), format!("smtps://ada:secret@{ascii}"));
        assert_eq!(complete.security_contact, Some(format!("mailto:ada@{ascii}")));
        assert_eq!(complete.websub_hub, Some(format!("https://{ascii}/hub")));
        let from = config(&["--mail-from", "B\u{fc}cher <post@b\u{fc}cher.example>"]).expect("an address");
        assert_eq!(from.mail.from.email.to_string(), format!("post@{ascii}"));
        let line = refusal(&["--site-url", "https://b\u{fc} cher.example"]);
        assert!(line.contains("BROADSHEET_SITE_URL"), "{line}");
    }

    #[test]
    fn a_secret_in_a_wrong_database_address_is_not_repeated() {
        assert!(!refusal(&["--database-url", "mysql://ada:hunter2@db/x"]).contains("hunter2"));
    }

    #[test]
    fn an_unknown_setting_is_refused_with_a_suggestion() {
        let unknown = error::refuse_unknown(
            &Settings::command(),
            ["HOME", "BROADSHEET_POST_PER_PAGE"].into_iter(),
        );
        let Err(ConfigError::Setting(line)) = unknown else {
            panic!("accepted")
        };
        assert!(
            line.contains("BROADSHEET_POST_PER_PAGE") && line.contains("BROADSHEET_POSTS_PER_PAGE"),
            "{line}"
        );
        assert!(error::refuse_unknown(&Settings::command(), ["HOME", "BROADSHEET_LOG"].into_iter()).is_ok());
        // Kubernetes sets such variables for each service in the namespace.
        let services = [
            "BROADSHEET_SERVICE_HOST",
            "BROADSHEET_SERVICE_PORT_HTTP",
            "BROADSHEET_PORT",
            "BROADSHEET_DB_PORT_5432_TCP_ADDR",
        ];
        assert!(error::refuse_unknown(&Settings::command(), services.into_iter()).is_ok());
        assert!(refusal(&["--post-per-page", "3"]).contains("--posts-per-page"));
    }
}
