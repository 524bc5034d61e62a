//! Parsers for the values of settings.

use std::{net::IpAddr, path::Path, time::Duration};

use axum::http::Uri;
use domain::{jobs::JobState, media::Delivery};
use ipnet::IpNet;
use shared::{
    forms::{Email, host},
    model::account::Role,
};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::error::ConfigError;

/// Checks that `text` is the URL of a supported database. Errors do not repeat the URL, because it may contain a
/// password.
pub(super) fn database_url(text: &str) -> Result<String, &'static str> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.starts_with(scheme)) {
        Ok(text.to_owned())
    } else {
        Err("must start with sqlite:, postgres:// or postgresql://")
    }
}

/// Parses an HTTP or HTTPS address.
pub(super) fn web_address(text: &str) -> Result<String, &'static str> {
    let text = host::in_url(text);
    let uri: Option<Uri> = text.parse().ok();
    // The address is placed between `<` and `>` in a header.
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte));
    match uri.as_ref().and_then(Uri::scheme_str) {
        Some("http" | "https") if is_plain => Ok(text.into_owned()),
        _ => Err("must be http:// or https:// and a host, such as https://hub.example.org/"),
    }
}

/// Parses a mail or web address. Returns it with its scheme.
pub(super) fn contact(text: &str) -> Result<String, &'static str> {
    let mail = text.strip_prefix("mailto:").unwrap_or(text);
    match (Email::parse(mail), web_address(text)) {
        (Ok(email), _) => Ok(format!("mailto:{}", email.as_str())),
        (_, Ok(address)) => Ok(address),
        _ => Err("must be an email or web address, such as security@example.org"),
    }
}

/// Parses how pictures are served to browsers.
pub(super) fn served(text: &str) -> Result<Delivery, &'static str> {
    match text {
        "here" => Ok(Delivery::Here),
        "signed" => Ok(Delivery::Signed),
        address => match web_address(address) {
            Ok(address) if !address.contains(['?', '#']) => {
                Ok(Delivery::Public(address.trim_end_matches('/').to_owned()))
            }
            _ => Err(
                "must be here, signed, or the address of the pictures, such as https://pictures.example.org",
            ),
        },
    }
}

/// Parses a role.
pub(super) fn role(text: &str) -> Result<Role, &'static str> {
    Role::named(text).ok_or("must be member, moderator or administrator")
}

/// Parses the state of a job.
pub(super) fn job_state(text: &str) -> Result<JobState, &'static str> {
    JobState::named(text).ok_or("must be waiting, failed, held or done")
}

/// Parses a network or a single address.
pub(super) fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| address())
        .map_err(|_| "must be addresses or networks such as 127.0.0.1,10.0.0.0/8")
}

/// A duration, or `None` for `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrOff(pub(super) Option<Duration>);

/// Parses an interval: `off`, or a duration of at least one minute.
pub(super) fn interval(text: &str) -> Result<OrOff, &'static str> {
    if text == "off" {
        return Ok(OrOff(None));
    }
    match humantime::parse_duration(text) {
        Ok(time) if time >= Duration::from_mins(1) => Ok(OrOff(Some(time))),
        _ => Err("must be off, or a time of a minute or more, such as 1d, 12h or 30m"),
    }
}

/// Parses a time limit: `off`, or a duration.
pub(super) fn limit(text: &str) -> Result<OrOff, &'static str> {
    if text == "off" {
        return Ok(OrOff(None));
    }
    match humantime::parse_duration(text) {
        Ok(time) if (Duration::from_millis(100)..=Duration::from_hours(24)).contains(&time) => {
            Ok(OrOff(Some(time)))
        }
        _ => Err("must be off, or a time from 100ms to 1d, such as 30s or 2min"),
    }
}

/// Parses a switch: `on` or `off`.
pub(super) fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off"),
    }
}

/// Checks that `text` is a log filter in the syntax of tracing.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    // tracing would interpret an unknown level as the name of a target, and disable all other targets.
    let is_word = |part: &&str| !part.contains(['=', '[']) && part.parse::<LevelFilter>().is_err();
    if let Some(word) = text.split(',').map(str::trim).find(is_word) {
        return Err(format!(
            "{word:?} is not a log level: use off, error, warn, info, debug or trace, or one for each part, such as info,sqlx=warn"
        ));
    }
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Parses a number of at most `MOST`.
pub(super) fn up_to<const MOST: usize>(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number <= MOST)
        .ok_or_else(|| format!("must be a number from 0 to {MOST}"))
}

/// Returns the value of the setting `name`, either given directly or read from a file, but not both.
pub(super) fn one_of(
    name: &str,
    value: Option<String>,
    file: Option<&Path>,
) -> Result<Option<String>, ConfigError> {
    match (value, file) {
        (Some(_), Some(_)) => Err(ConfigError::Setting(format!(
            "{name} and {name}_FILE are both set"
        ))),
        (value, None) => Ok(value),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map(|text| Some(text.trim().to_owned()))
            .map_err(|error| {
                ConfigError::Setting(format!("{name}_FILE: {} cannot be read: {error}", file.display()))
            }),
    }
}
