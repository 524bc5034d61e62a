//! Settings: a flag, else the environment, else the file `.env`, else a TOML file, else the default.
//!
//! To add a setting, add a field to [`Settings`]; its name in the environment begins with `BROADSHEET_`. A setting that
//! is wrong or unknown stops the start with one line that names it.

use std::{
    ffi::OsString,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
};

use app::{
    backend::{
        RegistrationMode,
        limit::{Limited, Rates},
    },
    forms::Secret,
};
use clap::{CommandFactory, FromArgMatches, Parser};
use ipnet::IpNet;

/// Backups.
mod backup;
/// What to do.
mod command;
/// Settings from a TOML file.
mod file;
/// How often somebody may do something.
mod limits;
/// The log.
mod log;
/// Mail.
mod mail;
/// What a setting may be.
mod parse;
/// Settings as they are printed.
mod shown;
/// Settings that do not exist, or do not hold.
mod stop;

pub use backup::BackupConfig;
pub use command::{
    BackupArguments, Command, ConfigCommand, DemoArguments, ExportArguments, ImportArguments, MailCommand,
    MigrateCommand, NewUserArguments, PostCommand, RestoreArguments, SessionCommand, ShellArguments,
    UserCommand,
};
pub use log::{LogConfig, LogFormat};
pub use mail::MailConfig;
pub use parse::SiteUrl;
pub use shown::Setting;
pub use stop::Stop;

/// A publishing platform for many writers.
#[derive(Debug, Clone, Parser)]
#[command(name = "broadsheet", version, after_help = command::EXAMPLES)]
struct Settings {
    /// A TOML file with settings; unless set `broadsheet.toml` in the working folder, else the one in `/etc/broadsheet`
    #[arg(long, env = "BROADSHEET_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where to listen. `PORT` alone means 0.0.0.0 with that port
    #[arg(long, env = "BROADSHEET_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// Another way to say the port, known from container hosts
    #[arg(long, env = "PORT", value_name = "PORT", hide = true)]
    port: Option<u16>,

    /// Where a monitoring system finds `/metrics`; nowhere unless set
    #[arg(long, env = "BROADSHEET_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    metrics_listen: Option<SocketAddr>,

    /// The address at which people reach the site
    #[arg(
        long,
        env = "BROADSHEET_SITE_URL",
        value_name = "URL",
        default_value = "http://localhost:3000"
    )]
    site_url: SiteUrl,

    /// Where the site keeps its files
    #[arg(
        long,
        env = "BROADSHEET_DATA_DIR",
        value_name = "FOLDER",
        default_value = "./data"
    )]
    data_dir: PathBuf,

    /// The database; an SQLite file in the data folder unless set. `DATABASE_URL` is read as well
    #[arg(long, env = "BROADSHEET_DATABASE_URL", value_name = "URL", hide_env_values = true,
          value_parser = parse::database_url)]
    database_url: Option<String>,

    /// A file that holds it
    #[arg(long, env = "BROADSHEET_DATABASE_URL_FILE", value_name = "FILE")]
    database_url_file: Option<PathBuf>,

    /// The same, known from container hosts
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide = true, hide_env_values = true,
          value_parser = parse::database_url)]
    plain_database_url: Option<String>,

    /// Posts on one page of a list, 1 to 100
    #[arg(long, env = "BROADSHEET_POSTS_PER_PAGE", value_name = "NUMBER", default_value = "5",
          value_parser = clap::value_parser!(u64).range(1..=100))]
    posts_per_page: u64,

    #[command(flatten)]
    mail: mail::MailSettings,

    /// Where pictures are kept: `file://` and a folder; in the data folder unless set
    #[arg(long, env = "BROADSHEET_MEDIA_URL", value_name = "URL", value_parser = parse::media_url)]
    media_url: Option<PathBuf>,

    /// `open`: an account works at once. `private`: it is made when its address is confirmed, and nobody learns by
    /// registering whether an address has one
    #[arg(long, env = "BROADSHEET_REGISTRATION", value_name = "MODE", default_value = "open",
          value_parser = parse::registration)]
    registration: RegistrationMode,

    /// A WebSub hub, which feeds name. It has to look by itself what is new: it is not told
    #[arg(long, env = "BROADSHEET_WEBSUB_HUB", value_name = "URL", value_parser = parse::web_address)]
    websub_hub: Option<String>,

    /// Whom to tell of a weakness: a mail or web address, shown in `/.well-known/security.txt`
    #[arg(long, env = "BROADSHEET_SECURITY_CONTACT", value_name = "ADDRESS", value_parser = parse::contact)]
    security_contact: Option<String>,

    /// Proxies whose X-Forwarded-For tells where a request comes from
    #[arg(long, env = "BROADSHEET_TRUSTED_PROXIES", value_name = "NETWORKS", default_value = "127.0.0.0/8,::1",
          value_delimiter = ',', value_parser = parse::network)]
    trusted_proxies: Vec<IpNet>,

    #[command(flatten)]
    limits: limits::LimitSettings,

    #[command(flatten)]
    backup: backup::BackupSettings,

    #[command(flatten)]
    log: log::LogSettings,

    #[command(subcommand)]
    command: Option<Command>,
}

/// What the application is built from: complete and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where a monitoring system finds `/metrics`.
    pub metrics_listen: Option<SocketAddr>,
    /// The address at which people reach the site.
    pub site_url: SiteUrl,
    /// Where the site keeps its files.
    pub data_dir: PathBuf,
    /// The database.
    pub database_url: Secret,
    /// Posts on one page of a list.
    pub posts_per_page: u64,
    /// How mail leaves.
    pub mail: MailConfig,
    /// Where pictures are kept.
    pub media_dir: PathBuf,
    /// Who learns what by registering.
    pub registration: RegistrationMode,
    /// Who tells readers of feeds that something is new.
    pub websub_hub: Option<String>,
    /// Whom to tell of a weakness, as an address with a scheme.
    pub security_contact: Option<String>,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How often somebody may do something.
    pub limits: Limited<Rates>,
    /// Where backups are, and when they are taken.
    pub backup: BackupConfig,
    /// How the log is written.
    pub log: LogConfig,
    /// All settings, to be printed.
    pub settings: Vec<Setting>,
}

impl Config {
    /// Reads the command line, the environment, `.env` and the TOML file.
    ///
    /// # Errors
    /// The first setting that does not hold, or what the command line asked for instead of a start.
    pub fn from_environment() -> Result<(Self, Option<Command>), Stop> {
        match dotenvy::from_path(".env") {
            Ok(()) => {}
            Err(error) if error.not_found() => {}
            // The line may hold a secret, so that it is not repeated.
            Err(dotenvy::Error::LineParse(..)) => {
                return Err(Stop::Setting(".env has a line that is not NAME=value".to_owned()));
            }
            Err(error) => return Err(Stop::Setting(format!(".env cannot be read: {error}"))),
        }
        let names: Vec<String> = std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect();
        stop::refuse_unknown(&Settings::command(), names.iter().map(String::as_str))?;
        Self::from_arguments(Settings::command(), std::env::args_os().collect())
    }

    /// The same, of these arguments.
    fn from_arguments(
        command: clap::Command,
        arguments: Vec<OsString>,
    ) -> Result<(Self, Option<Command>), Stop> {
        let mut values = match config_file(&command, &arguments) {
            Some(path) => file::read(&path, &command)?,
            None => file::Values::new(),
        };
        let read = |values: &file::Values| {
            let command = file::with_defaults(command.clone(), values);
            let matches = command.clone().try_get_matches_from(&arguments);
            matches.map_err(|error| Stop::from_clap(&command, error))
        };
        let mut matches = read(&values)?;
        if file::yields(&mut values, &matches) {
            matches = read(&values)?;
        }
        let refused = |error| Stop::from_clap(&command, error);
        let mut settings = Settings::from_arg_matches(&matches).map_err(refused)?;
        let wanted = settings.command.take();
        let mut config = settings.complete()?;
        config.settings = shown::all(&command, &matches, &values);
        Ok((config, wanted))
    }

    /// The program's commands and settings, as clap knows them.
    #[must_use]
    pub fn command() -> clap::Command {
        Settings::command()
    }
}

/// The file that is named, or the first of those in the usual places.
fn config_file(command: &clap::Command, arguments: &[OsString]) -> Option<PathBuf> {
    // What else is wrong is told when all of it is read.
    let matches = command
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(arguments)
        .ok();
    let named = matches.and_then(|matches| matches.get_one::<PathBuf>("config").cloned());
    let usual = || {
        file::PLACES
            .map(PathBuf::from)
            .into_iter()
            .find(|path| path.exists())
    };
    named.or_else(usual)
}

impl Settings {
    /// What is set, with defaults for the rest.
    fn complete(self) -> Result<Config, Stop> {
        let settings = self;
        let (address, port) = match settings.port {
            Some(port) => (Ipv4Addr::UNSPECIFIED, port),
            None => (Ipv4Addr::LOCALHOST, 3000),
        };
        let database_url = parse::one_of(
            "BROADSHEET_DATABASE_URL",
            settings.database_url.or(settings.plain_database_url),
            settings.database_url_file.as_deref(),
        )?;
        let database_url = database_url.unwrap_or_else(|| {
            format!(
                "sqlite://{}",
                settings.data_dir.join("broadsheet.sqlite3").display()
            )
        });
        // What stands in a file has not been looked at yet.
        let database_url = parse::database_url(&database_url)
            .map_err(|error| Stop::Setting(format!("BROADSHEET_DATABASE_URL: {error}")))?;
        Ok(Config {
            listen: settings
                .listen
                .unwrap_or(SocketAddr::new(IpAddr::V4(address), port)),
            metrics_listen: settings.metrics_listen,
            mail: settings.mail.complete(&settings.site_url)?,
            site_url: settings.site_url,
            database_url: Secret::from(database_url.as_str()),
            media_dir: settings
                .media_url
                .unwrap_or_else(|| settings.data_dir.join("media")),
            backup: settings.backup.complete(&settings.data_dir),
            data_dir: settings.data_dir,
            posts_per_page: settings.posts_per_page,
            registration: settings.registration,
            websub_hub: settings.websub_hub,
            security_contact: settings.security_contact,
            trusted_proxies: settings.trusted_proxies,
            limits: settings.limits.complete(),
            log: settings.log.complete(),
            settings: Vec::new(),
        })
    }
}

impl Stop {
    /// Prints why, on the right stream, and gives the exit code: 0 for what was asked for, 2 for a wrong setting.
    #[must_use]
    pub fn report(self) -> ExitCode {
        match self {
            Self::Shown(text) => {
                println!("{text}");
                ExitCode::SUCCESS
            }
            Self::Setting(reason) => {
                eprintln!("broadsheet: {reason}");
                ExitCode::from(2)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(arguments: &[&str]) -> Result<Config, Stop> {
        let command = Settings::command().mut_args(|argument| argument.env(None::<&str>));
        let matches = command
            .clone()
            .try_get_matches_from(std::iter::once(&"broadsheet").chain(arguments))
            .map_err(|error| Stop::from_clap(&Settings::command(), error))?;
        Settings::from_arg_matches(&matches).expect("complete").complete()
    }

    fn refusal(arguments: &[&str]) -> String {
        match config(arguments) {
            Err(Stop::Setting(line)) => line,
            other => panic!("{arguments:?} gave {other:?}"),
        }
    }

    #[test]
    fn without_settings_it_serves_the_loopback_and_keeps_everything_in_one_folder() {
        let config = config(&[]).expect("defaults");
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(config.database_url.expose(), "sqlite://./data/broadsheet.sqlite3");
        assert_eq!(config.posts_per_page, 5);
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
    fn a_secret_in_a_wrong_database_address_is_not_repeated() {
        assert!(!refusal(&["--database-url", "mysql://ada:hunter2@db/x"]).contains("hunter2"));
    }

    #[test]
    fn an_unknown_setting_is_refused_with_a_suggestion() {
        let unknown = stop::refuse_unknown(
            &Settings::command(),
            ["HOME", "BROADSHEET_POST_PER_PAGE"].into_iter(),
        );
        let Err(Stop::Setting(line)) = unknown else {
            panic!("accepted")
        };
        assert!(
            line.contains("BROADSHEET_POST_PER_PAGE") && line.contains("BROADSHEET_POSTS_PER_PAGE"),
            "{line}"
        );
        assert!(stop::refuse_unknown(&Settings::command(), ["HOME", "BROADSHEET_LOG"].into_iter()).is_ok());
        // Kubernetes tells every program of the services beside it.
        let services = [
            "BROADSHEET_SERVICE_HOST",
            "BROADSHEET_SERVICE_PORT_HTTP",
            "BROADSHEET_PORT",
            "BROADSHEET_DB_PORT_5432_TCP_ADDR",
        ];
        assert!(stop::refuse_unknown(&Settings::command(), services.into_iter()).is_ok());
        assert!(refusal(&["--post-per-page", "3"]).contains("--posts-per-page"));
    }
}
