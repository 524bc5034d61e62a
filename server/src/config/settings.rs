//! The settings with their flags, environment variables and defaults.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use clap::Parser;
use domain::{SiteUrl, accounts::password::HashingCost};
use ipnet::IpNet;

use super::{
    Command, Concurrency, Config, ConfigError, EffectiveSetting, NetworkConfig, backup, command, database,
    limits, log, mail, media, parse, site,
};

/// A publishing platform for many writers.
#[derive(Debug, Clone, Parser)]
#[command(name = "broadsheet", version, after_help = command::EXAMPLES)]
pub(super) struct Settings {
    /// TOML file with settings [default: `broadsheet.toml` in the working folder, else in `/etc/broadsheet`]
    #[arg(long, env = "BROADSHEET_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Address and port to listen on. `PORT` alone means 0.0.0.0 with that port
    #[arg(long, env = "BROADSHEET_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// Port to listen on, as container hosts set it
    #[arg(long, env = "PORT", value_name = "PORT", hide = true)]
    port: Option<u16>,

    /// Address and port to serve `/metrics` on; not served unless set
    #[arg(long, env = "BROADSHEET_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    metrics_listen: Option<SocketAddr>,

    /// Address at which people reach the site
    #[arg(
        long,
        env = "BROADSHEET_SITE_URL",
        value_name = "URL",
        default_value = "http://localhost:3000"
    )]
    site_url: SiteUrl,

    /// Folder for the site's files
    #[arg(
        long,
        env = "BROADSHEET_DATA_DIR",
        value_name = "FOLDER",
        default_value = "./data"
    )]
    data_dir: PathBuf,

    #[command(flatten)]
    database: database::DatabaseSettings,

    #[command(flatten)]
    site: site::SiteArguments,

    /// Megabytes of memory for cached pages for visitors who are not logged in, up to 10000; `0` caches nothing
    #[arg(long, env = "BROADSHEET_PAGE_CACHE_MEGABYTES", value_name = "NUMBER", default_value = "64",
          value_parser = clap::value_parser!(u64).range(0..=10_000))]
    page_cache_megabytes: u64,

    /// Megabytes of memory for cached posts, profiles and pages of lists, from which pages are rendered, up to 10000; `0`
    /// caches nothing
    #[arg(long, env = "BROADSHEET_READ_CACHE_MEGABYTES", value_name = "NUMBER", default_value = "16",
          value_parser = clap::value_parser!(u64).range(0..=10_000))]
    read_cache_megabytes: u64,

    #[command(flatten)]
    mail: mail::MailSettings,

    #[command(flatten)]
    media: media::MediaSettings,

    /// WebSub hub that the feeds name. The hub has to poll the feeds: the site does not notify it
    #[arg(long, env = "BROADSHEET_WEBSUB_HUB", value_name = "URL", value_parser = parse::web_address)]
    websub_hub: Option<String>,

    /// Email or web address to report a security problem to, shown in `/.well-known/security.txt`
    #[arg(long, env = "BROADSHEET_SECURITY_CONTACT", value_name = "ADDRESS", value_parser = parse::contact)]
    security_contact: Option<String>,

    /// Networks of proxies whose X-Forwarded-For is trusted
    #[arg(long, env = "BROADSHEET_TRUSTED_PROXIES", value_name = "NETWORKS", default_value = "127.0.0.0/8,::1",
          value_delimiter = ',', value_parser = parse::network)]
    trusted_proxies: Vec<IpNet>,

    /// Networks that the site may send requests to although their addresses are private, for tests and private networks
    #[arg(long, env = "BROADSHEET_OUTGOING_ALLOW", value_name = "NETWORKS", value_delimiter = ',',
          value_parser = parse::network)]
    outgoing_allow: Vec<IpNet>,

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
    /// Validates the settings and fills in the missing values. `listed` are all settings for printing.
    pub(super) fn complete(self, listed: Vec<EffectiveSetting>) -> Result<Config, ConfigError> {
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
            site: self.site.complete(&listed),
            page_cache: self.page_cache_megabytes,
            read_cache: self.read_cache_megabytes,
            websub_hub: self.websub_hub,
            hashing_cost: HashingCost::RECOMMENDED,
            security_contact: self.security_contact,
            trusted_proxies: self.trusted_proxies,
            outgoing_allow: self.outgoing_allow,
            network: NetworkConfig::default(),
            concurrency: limits.are_on().then(Concurrency::default),
            limits,
            log: self.log.complete(),
            settings: listed,
        })
    }
}
