//! The configuration of test sites.

use std::{collections::BTreeMap, path::Path};

use domain::{
    accounts::password::HashingCost,
    media::{Delivery, StorageUrl},
    platform::{db::Pool, limit::Limited},
};
use server::config::{
    BackupConfig, Config, DatabaseConfig, LogConfig, LogFormat, MailConfig, MediaConfig, NetworkConfig,
};

use crate::database;

/// Returns the configuration of a site at `url` with the data folder `data`.
pub fn config(url: &str, data: &Path) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        metrics_listen: None,
        site_url: url.parse().unwrap(),
        data_dir: data.to_owned(),
        database: DatabaseConfig {
            url: database::migrated(data).as_str().into(),
            pool: Pool::default(),
        },
        site: BTreeMap::new(),
        page_cache: 64,
        read_cache: 8,
        hashing_cost: HashingCost::LEAST,
        mail: MailConfig {
            smtp_url: None,
            mails_errors: false,
            from: "Broadsheet <post@example.org>".parse().unwrap(),
        },
        media: MediaConfig {
            place: StorageUrl::Folder(data.join("media")),
            keys: None,
            served: Delivery::Here,
        },
        websub_hub: None,
        security_contact: None,
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        outgoing_allow: Vec::new(),
        network: NetworkConfig::default(),
        limits: Limited::unlimited(),
        concurrency: None,
        backup: BackupConfig {
            folder: data.join("backups"),
            every: None,
            keep: 2,
            before_upgrade: true,
        },
        log: LogConfig {
            filter: "warn".to_owned(),
            format: LogFormat::Auto,
            file: None,
            file_bytes: 1_000_000,
            files: 1,
        },
        settings: Vec::new(),
    }
}
