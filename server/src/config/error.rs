//! Errors about unknown or invalid settings.

use std::{error::Error as _, process::ExitCode};

use clap::{
    Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// The prefix of the program's environment variables. Variables without it are ignored.
const PREFIX: &str = "BROADSHEET_";
/// The minimum similarity, from 0 to 1, at which a name is suggested.
const SIMILAR: f64 = 0.8;

/// The reason why there is no configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// The command line asked for this text (`--help`, `--version`).
    Shown(String),
    /// A setting is invalid; contains one line that names it.
    Setting(String),
}

impl ConfigError {
    /// Prints the text or the error on the appropriate stream and returns the exit code: 0 for a requested text, 2 for
    /// an invalid setting.
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

    /// Returns clap's error as one line that names the environment variable of the setting.
    pub(super) fn from_clap(command: &Command, mut error: clap::Error) -> Self {
        forget_hidden(command, &mut error);
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            return Self::Shown(error.render().to_string().trim_end().to_owned());
        }
        let named = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(argument)) => argument.clone(),
            _ => String::new(),
        };
        let long = named
            .trim_start_matches("--")
            .split(' ')
            .next()
            .unwrap_or_default();
        let argument = command
            .get_arguments()
            .find(|argument| argument.get_long() == Some(long));
        let variable = argument
            .and_then(|argument| argument.get_env())
            .and_then(|name| name.to_str());
        let secret = argument.is_some_and(clap::Arg::is_hide_env_values_set);

        let Some(variable) = variable else {
            let text = in_one_line(&error.render().to_string());
            return Self::Setting(match error.get(ContextKind::InvalidValue) {
                // An address may contain a secret.
                Some(ContextValue::String(value)) if value.contains("://") => text.replace(value, "…"),
                _ => text,
            });
        };
        let value = match error.get(ContextKind::InvalidValue) {
            Some(ContextValue::String(value)) if !secret => format!(" {value:?}"),
            _ => String::new(),
        };
        let reason = error
            .source()
            .map_or_else(|| error.kind().to_string(), ToString::to_string);
        Self::Setting(in_one_line(&format!("{variable} (--{long}){value}: {reason}")))
    }
}

/// Removes the suggestion of an argument that `--help` does not list.
fn forget_hidden(command: &Command, error: &mut clap::Error) {
    let is_hidden = |name: &String| {
        let name = name.trim_start_matches("--");
        let found = command
            .get_arguments()
            .find(|argument| argument.get_long() == Some(name));
        found.is_some_and(clap::Arg::is_hide_set)
    };
    let suggested = error.remove(ContextKind::SuggestedArg);
    match suggested {
        Some(ContextValue::String(name)) if is_hidden(&name) => {}
        Some(other) => {
            error.insert(ContextKind::SuggestedArg, other);
        }
        None => {}
    }
}

/// Returns an error if an environment variable has the program's prefix but is not a setting. It is probably misspelt
/// and would be ignored silently.
pub(super) fn refuse_unknown<'a>(
    command: &Command,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), ConfigError> {
    let known: Vec<&str> = command
        .get_arguments()
        .filter_map(|argument| argument.get_env()?.to_str())
        .collect();
    for name in names.filter(|name| name.starts_with(PREFIX) && !is_of_a_service(name)) {
        if !known.contains(&name) {
            let ours: Vec<&str> = known
                .iter()
                .copied()
                .filter(|known| known.starts_with(PREFIX))
                .collect();
            let hint =
                nearest(name, &ours).map_or_else(String::new, |known| format!("; did you mean {known}?"));
            return Err(ConfigError::Setting(format!("{name} is not a setting{hint}")));
        }
    }
    Ok(())
}

/// Returns whether Kubernetes sets the variable `name` for a service that has the name of this program (Kubernetes
/// documentation, "Service": environment variables).
fn is_of_a_service(name: &str) -> bool {
    let is_port = |rest: &str| {
        let mut parts = rest.splitn(2, '_');
        let is_number = parts.next().is_some_and(|part| part.parse::<u16>().is_ok());
        is_number
            && parts
                .next()
                .is_some_and(|rest| ["TCP", "UDP", "SCTP"].iter().any(|kind| rest.starts_with(kind)))
    };
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.ends_with("_PORT")
        || name.split_once("_PORT_").is_some_and(|(_, rest)| is_port(rest))
}

/// Returns the name in `known` that is most similar to `name`, if one is similar enough.
pub(super) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(name, known), *known))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

fn in_one_line(text: &str) -> String {
    let text = text.trim_start_matches("error: ");
    let text = text.split("Usage:").next().unwrap_or(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
