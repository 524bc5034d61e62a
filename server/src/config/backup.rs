//! Settings for backups.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;

use super::parse;

/// The unvalidated settings for backups.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields are named as the settings are"
)]
pub(super) struct BackupSettings {
    /// Folder for backups [default: `backups` in the data folder]. Another disk is a better place
    #[arg(long, env = "BROADSHEET_BACKUP_DIR", value_name = "FOLDER")]
    backup_dir: Option<PathBuf>,

    /// How often the server takes a backup, such as `1d` or `12h`; `off`: never
    #[arg(long, env = "BROADSHEET_BACKUP_EVERY", value_name = "TIME", default_value = "off",
          value_parser = parse::interval)]
    backup_every: parse::OrOff,

    /// Number of these backups to keep
    #[arg(long, env = "BROADSHEET_BACKUP_KEEP", value_name = "NUMBER", default_value = "7",
          value_parser = clap::value_parser!(u16).range(1..=1_000))]
    backup_keep: u16,

    /// Whether to back up the database before a new version changes its schema
    #[arg(long, env = "BROADSHEET_BACKUP_BEFORE_UPGRADE", value_name = "SWITCH", default_value = "on",
          value_parser = parse::switch, action = clap::ArgAction::Set)]
    backup_before_upgrade: bool,
}

/// The validated settings for backups.
#[derive(Debug, Clone)]
pub struct BackupConfig {
    /// The folder for backups.
    pub folder: PathBuf,
    /// The interval of scheduled backups, or `None` for none.
    pub every: Option<Duration>,
    /// The number of scheduled backups to keep.
    pub keep: usize,
    /// Whether the database is backed up before its schema is changed.
    pub before_upgrade: bool,
}

impl BackupSettings {
    pub(super) fn complete(self, data_dir: &Path) -> BackupConfig {
        BackupConfig {
            folder: self.backup_dir.unwrap_or_else(|| data_dir.join("backups")),
            every: self.backup_every.0,
            keep: usize::from(self.backup_keep),
            before_upgrade: self.backup_before_upgrade,
        }
    }
}
