//! Reads settings from a TOML file. Each name is that of the environment variable in lower case, without `BROADSHEET_`.

use std::{collections::BTreeMap, path::Path};

use clap::{Arg, ArgMatches, Command, builder::OsStr, parser::ValueSource};
use toml::{Table, Value};

use super::error::{ConfigError, nearest};

/// The default places of the file.
pub(super) const PLACES: &[&str] = &["broadsheet.toml", "/etc/broadsheet/broadsheet.toml"];

/// The values in a file, by the name of the setting.
pub(super) type Values = BTreeMap<String, String>;

/// Reads the settings in the file at `path`.
///
/// # Errors
/// Returns an error if the file cannot be read, is not valid TOML, or contains a name that is not a setting of
/// `command`.
pub(super) fn read(path: &Path, command: &Command) -> Result<Values, ConfigError> {
    let told = |reason: &str| ConfigError::Setting(format!("{}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| told(&format!("cannot be read: {error}")))?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        // The line itself may contain a secret.
        let line = error.span().map_or(1, |span| {
            text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
        });
        told(&format!("line {line} is not valid TOML: {}", error.message()))
    })?;
    let known: Vec<&str> = settings(command)
        .map(|argument| argument.get_id().as_str())
        .collect();
    let mut values = Values::new();
    for (name, value) in &table {
        if !known.contains(&name.as_str()) {
            let hint =
                nearest(name, &known).map_or_else(String::new, |known| format!("; did you mean {known}?"));
            return Err(told(&format!("{name} is not a setting{hint}")));
        }
        let value = written(value)
            .ok_or_else(|| told(&format!("{name} must be a string, a number or a list of strings")))?;
        values.insert(name.clone(), value);
    }
    Ok(values)
}

/// Returns `command` with these values as defaults, so that flags and the environment take precedence.
pub(super) fn with_defaults(command: Command, values: &Values) -> Command {
    command.mut_args(|argument| match values.get(argument.get_id().as_str()) {
        Some(value) => argument.default_value(OsStr::from(value.clone())),
        None => argument,
    })
}

/// Pairs of settings with the same meaning. A flag or variable for one of them takes precedence over the other in the
/// file.
const ALIASES: &[(&str, &str)] = &[
    ("listen", "port"),
    ("database_url", "plain_database_url"),
    ("database_url", "database_url_file"),
    ("database_url_file", "database_url"),
    ("database_url_file", "plain_database_url"),
    ("smtp_url", "smtp_url_file"),
    ("smtp_url_file", "smtp_url"),
    ("mail_from", "mail_from_file"),
    ("mail_from_file", "mail_from"),
    ("media_secret_key", "media_secret_key_file"),
    ("media_secret_key_file", "media_secret_key"),
];

/// Removes from `values` the settings that `matches` specifies under another name. Returns whether there were any.
pub(super) fn yields(values: &mut Values, matches: &ArgMatches) -> bool {
    let is_said = |id| {
        let source = matches.value_source(id);
        matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
    };
    let before = values.len();
    for (in_file, said) in ALIASES {
        if is_said(said) {
            values.remove(*in_file);
        }
    }
    values.len() < before
}

/// Returns the settings that can be set in the environment under the program's prefix, and thus in the file.
pub(super) fn settings(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| {
        let variable = argument.get_env().and_then(|name| name.to_str());
        variable.is_some_and(|name| name.starts_with("BROADSHEET_") && argument.get_id() != "config")
    })
}

/// Returns a value in the form that it has in the environment.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(is_on) => Some(if *is_on { "on" } else { "off" }.to_owned()),
        Value::Array(values) => {
            let texts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}
