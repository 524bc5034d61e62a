//! The effective settings as they are printed: each with its source, and without secrets.

use clap::{Arg, ArgMatches, Command, parser::ValueSource};

use super::file::{Values, settings};

/// An effective setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// The name of its environment variable.
    pub name: String,
    /// Its value, or `None` if it is not set. Passwords in URLs and other secrets are masked.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: &'static str,
}

/// Returns all settings of `command` with the values in `matches`. `values` are those of the configuration file.
pub(super) fn all(command: &Command, matches: &ArgMatches, values: &Values) -> Vec<EffectiveSetting> {
    let is_said = |argument: &&Arg| {
        argument.get_env().is_some() && matches.value_source(argument.get_id().as_str()).is_some()
    };
    // Alternative names of a setting are listed only if they are used.
    let others = command
        .get_arguments()
        .filter(|argument| argument.is_hide_set())
        .filter(is_said);
    settings(command)
        .chain(others)
        .map(|argument| {
            let id = argument.get_id().as_str();
            let name = argument
                .get_env()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let value = matches.get_raw(id).map(|values| {
                let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
                values.join(",")
            });
            let source = match matches.value_source(id) {
                Some(ValueSource::CommandLine) => "flag",
                Some(ValueSource::EnvVariable) => "environment",
                Some(_) if values.contains_key(id) => "file",
                Some(_) => "default",
                None => "not set",
            };
            EffectiveSetting {
                name,
                value: value.map(|value| {
                    // In an address, only the password is secret.
                    if argument.is_hide_env_values_set() && !id.ends_with("_url") {
                        "***".to_owned()
                    } else {
                        without_password(&value)
                    }
                }),
                source,
            }
        })
        .collect()
}

/// Returns an address with its password, if any, masked.
fn without_password(value: &str) -> String {
    let masked = || {
        let (scheme, rest) = value.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:***@{host}"))
    };
    let address = masked().unwrap_or_else(|| value.to_owned());
    match address.split_once("password=") {
        Some((begin, rest)) => {
            let end = rest.find('&').and_then(|at| rest.get(at..)).unwrap_or_default();
            format!("{begin}password=***{end}")
        }
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        for (value, shown) in [
            ("postgres://ada:hunter2@db:5432/x", "postgres://ada:***@db:5432/x"),
            (
                "smtp://ada:p@ss:word@host?tls=required",
                "smtp://ada:***@host?tls=required",
            ),
            ("sqlite:///srv/x.sqlite3", "sqlite:///srv/x.sqlite3"),
            (
                "postgres://db/x?password=hunter2&a=b",
                "postgres://db/x?password=***&a=b",
            ),
            ("5/25s,10/5m", "5/25s,10/5m"),
        ] {
            assert_eq!(without_password(value), shown);
        }
    }
}
