//! The log. It never contains passwords, tokens, session ids, addresses or bodies.

use std::{
    io::{self, IsTerminal, Write},
    sync::Mutex,
};

use file_rotate::{ContentLimit, FileRotate, compression::Compression, suffix::AppendCount};
use tracing_subscriber::{
    EnvFilter, Layer, fmt, fmt::writer::BoxMakeWriter, layer::SubscriberExt, registry,
    util::SubscriberInitExt,
};

use super::error_alerts::{self, Faults, Listener};
use crate::config::{LogConfig, LogFormat};

/// Starts the log according to `config`: to its file, or to standard output. Returns the receiver of logged errors.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn serve(config: &LogConfig) -> io::Result<Faults> {
    let (listener, faults) = error_alerts::listener();
    let Some(file) = &config.file else {
        let is_pretty = config.format.is_pretty(io::stdout().is_terminal());
        start(
            &config.filter,
            BoxMakeWriter::new(io::stdout),
            is_pretty,
            Some(listener),
        );
        return Ok(faults);
    };
    // The file is opened once beforehand, because the rotating writer does not report errors.
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    let rotated = FileRotate::new(
        file,
        AppendCount::new(config.files),
        ContentLimit::BytesSurpassed(config.file_bytes),
        Compression::None,
        None,
    );
    start(
        &config.filter,
        BoxMakeWriter::new(Mutex::new(rotated)),
        config.format.is_pretty(false),
        Some(listener),
    );
    Ok(faults)
}

/// Starts the log of a command: only warnings, on standard error, so that standard output contains only the result of
/// the command.
pub fn command() {
    start("warn", BoxMakeWriter::new(io::stderr), true, None);
}

fn start(filter: &str, writer: BoxMakeWriter, is_pretty: bool, listener: Option<Listener>) {
    // Some messages are suppressed: the missing session when a browser returns after its session has ended; the two
    // lines for each migration and the notices of PostgreSQL on some, because `upgrade` logs one line for all of them;
    // and the line for each cell of a non-standard table in a text, which is repaired.
    let quiet =
        "tower_sessions_core=error,sea_orm_migration=warn,sqlx::postgres::notice=warn,html5ever=error";
    let filter = EnvFilter::new(format!("{quiet},{filter}"));
    let log = fmt::layer().with_writer(writer);
    let log = if is_pretty {
        log.with_ansi(io::stdout().is_terminal()).boxed()
    } else {
        log.json().flatten_event(true).boxed()
    };
    registry().with(filter).with(listener).with(log).init();
}

/// Prints `text` if standard output is a terminal. For a log, there are separate events.
pub fn print(text: &str) {
    if io::stdout().is_terminal() {
        // An error means that the terminal has been closed.
        let _ = writeln!(io::stdout(), "{text}");
    }
}

impl LogFormat {
    const fn is_pretty(self, is_terminal: bool) -> bool {
        match self {
            Self::Auto => is_terminal,
            Self::Pretty => true,
            Self::Json => false,
        }
    }
}
