//! The log: how much of it, where, and in which form.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::parse;

/// Settings about the log.
#[derive(Debug, Clone, Args)]
pub(super) struct LogSettings {
    /// Log level: `error`, `warn`, `info`, `debug`, `trace`, or a level for each part
    #[arg(long, env = "BROADSHEET_LOG", value_name = "FILTER", default_value = "info", value_parser = parse::log_filter)]
    log: String,

    /// Log format: `pretty` for people, `json` for programs; `auto` is `pretty` on a terminal
    #[arg(
        long,
        env = "BROADSHEET_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "auto"
    )]
    log_format: LogFormat,

    /// Log file to use instead of standard output
    #[arg(long, env = "BROADSHEET_LOG_FILE", value_name = "FILE")]
    log_file: Option<PathBuf>,

    /// Size in megabytes at which the log file is renamed and a new one is started
    #[arg(long, env = "BROADSHEET_LOG_FILE_MEGABYTES", value_name = "NUMBER", default_value = "10",
          value_parser = clap::value_parser!(u32).range(1..=1_000))]
    log_file_megabytes: u32,

    /// Number of renamed log files to keep
    #[arg(long, env = "BROADSHEET_LOG_FILES", value_name = "NUMBER", default_value = "5",
          value_parser = clap::value_parser!(u16).range(1..=1_000))]
    log_files: u16,
}

/// In which form the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people on a terminal, for programs elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// An object of JSON on each line.
    Json,
}

/// How the log is written: complete.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// How much.
    pub filter: String,
    /// In which form.
    pub format: LogFormat,
    /// Where; standard output without one.
    pub file: Option<PathBuf>,
    /// The file is put aside when it has more bytes.
    pub file_bytes: usize,
    /// How many files that were put aside are kept.
    pub files: usize,
}

impl LogSettings {
    pub(super) fn complete(self) -> LogConfig {
        LogConfig {
            filter: self.log,
            format: self.log_format,
            file: self.log_file,
            file_bytes: self.log_file_megabytes as usize * 1_000_000,
            files: usize::from(self.log_files),
        }
    }
}
