//! The settings, each with the flag, the name in the environment and the default that it has.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use clap::Parser;
use domain::RegistrationMode;
use ipnet::IpNet;

use super::{
    Command, Concurrency, Config, ConfigError, NetworkConfig, SiteUrl, backup, command, database, limits,
    log, mail, media, parse,
};

/// A publishing platform for many writers.
#[derive(Debug, Clone, Parser)]
#[command(name = "broadsheet", version, after_help = command::EXAMPLES)]
pub(super) struct Settings {
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

    #[command(flatten)]
    database: database::DatabaseSettings,

    /// Posts on one page of a list, 1 to 100
    #[arg(long, env = "BROADSHEET_POSTS_PER_PAGE", value_name = "NUMBER", default_value = "5",
          value_parser = clap::value_parser!(u64).range(1..=100))]
    posts_per_page: u64,

    /// How many megabytes of pages are kept for whoever is not logged in, up to 10000; `0`: none
    #[arg(long, env = "BROADSHEET_PAGE_CACHE_MEGABYTES", value_name = "NUMBER", default_value = "64",
          value_parser = clap::value_parser!(u64).range(0..=10_000))]
    page_cache_megabytes: u64,

    #[command(flatten)]
    mail: mail::MailSettings,

    #[command(flatten)]
    media: media::MediaSettings,

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
    pub(super) command: Option<Command>,
}

impl Settings {
    /// What is set, with defaults for the rest.
    pub(super) fn complete(self) -> Result<Config, ConfigError> {
        let (address, port) = match self.port {
            Some(port) => (Ipv4Addr::UNSPECIFIED, port),
            None => (Ipv4Addr::LOCALHOST, 3000),
        };
        let limits = self.limits.complete();
        Ok(Config {
            listen: self.listen.unwrap_or(SocketAddr::new(IpAddr::V4(address), port)),
            metrics_listen: self.metrics_listen,
            mail: self.mail.complete(&self.site_url)?,
            media: self.media.complete(&self.data_dir, &self.site_url)?,
            site_url: self.site_url,
            database: self.database.complete(&self.data_dir)?,
            backup: self.backup.complete(&self.data_dir),
            data_dir: self.data_dir,
            posts_per_page: self.posts_per_page,
            page_cache: self.page_cache_megabytes,
            registration: self.registration,
            websub_hub: self.websub_hub,
            security_contact: self.security_contact,
            trusted_proxies: self.trusted_proxies,
            network: NetworkConfig::default(),
            concurrency: limits.are_on().then(Concurrency::default),
            limits,
            log: self.log.complete(),
            settings: Vec::new(),
        })
    }
}
