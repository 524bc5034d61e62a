//! The log. It never holds a password, a token, a session id, an address or a body.

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

/// Writes the log as `config` says: to its file, or to standard output. What it calls an error comes out as well.
///
/// # Errors
/// When the file cannot be written.
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
    // What follows tells nobody that it cannot be written.
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

/// Writes warnings to standard error: who gives a command reads its answer, not what goes on beside it.
pub fn command() {
    start("warn", BoxMakeWriter::new(io::stderr), true, None);
}

fn start(filter: &str, writer: BoxMakeWriter, is_pretty: bool, listener: Option<Listener>) {
    // A session that has ended is looked for whenever its browser comes back: nothing to warn of. Each step of the schema would
    // have two lines, and PostgreSQL has remarks on some; `upgrade` logs one for all of them. A table in a text that is not as the
    // standard wants it is mended, with a line for each of its cells.
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

/// Says `text` to whoever sits at the terminal; a log has an event of its own.
pub fn print(text: &str) {
    if io::stdout().is_terminal() {
        // A terminal that has gone reads nothing.
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
