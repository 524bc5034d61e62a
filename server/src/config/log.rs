//! Settings for the log.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::parse;

/// The unvalidated settings for the log.
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

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people on a terminal, for programs elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// An object of JSON on each line.
    Json,
}

/// The validated settings for the log.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// The filter, in the syntax of tracing.
    pub filter: String,
    /// The format.
    pub format: LogFormat,
    /// The log file, or `None` for standard output.
    pub file: Option<PathBuf>,
    /// The size in bytes above which the log file is renamed and a new one is started.
    pub file_bytes: usize,
    /// The number of renamed log files to keep.
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
