//! The commands that list and change the settings of the site.

use domain::{Scope, administration::settings};
use serde_json::{Map, Value, json};
use shared::model::site::{Setting, SettingValue, SettingValues};
use strsim::jaro_winkler;

use super::{CommandError, existing_or_new};
use crate::config::{Config, SettingCommand};

/// The number of characters of a value in a list.
const SHOWN_MAX: usize = 200;

/// Runs `command`.
///
/// # Errors
/// Returns an error if the site cannot be opened, or if there is no such setting or value.
pub async fn run(config: &Config, command: SettingCommand) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing_or_new(config).await?);
    match command {
        SettingCommand::List { json } => print_all(&settings::list(&scope).await?, json),
        SettingCommand::Get { name } => {
            let setting = named(&name)?;
            let values = settings::list(&scope).await?;
            println!("{}", values.get(setting).map_or("", |value| value.value.as_str()));
        }
        SettingCommand::Set { name, value } => {
            let setting = named(&name)?;
            settings::set(&scope, setting, value).await?;
            println!("{} has been changed, on every server.", setting.name());
        }
        SettingCommand::Reset { name } => {
            let setting = named(&name)?;
            settings::set(&scope, setting, setting.default_value().to_owned()).await?;
            println!("{} has its default value, on every server.", setting.name());
        }
    }
    Ok(())
}

fn print_all(values: &SettingValues, as_json: bool) {
    if as_json {
        let entries: Map<String, Value> = values
            .settings
            .iter()
            .map(|value| {
                let entry = json!({ "value": value.value, "source": source(value) });
                (value.setting.name().to_owned(), entry)
            })
            .collect();
        println!("{:#}", Value::Object(entries));
        return;
    }
    let lengths = values.settings.iter().map(|value| value.setting.name().len());
    let longest = lengths.max().unwrap_or_default();
    for value in &values.settings {
        let name = value.setting.name();
        // A text of several lines is shown on one.
        let mut shown = value.value.replace('\n', "\\n");
        if let Some((end, _)) = shown.char_indices().nth(SHOWN_MAX) {
            shown.truncate(end);
            shown.push('…');
        }
        println!("{name:longest$}  {shown}  ({})", source(value));
    }
}

/// Returns where the value comes from.
fn source(value: &SettingValue) -> &str {
    match &value.fixed_by {
        Some(source) => source,
        None if value.is_default => "default",
        None => "browser",
    }
}

fn named(name: &str) -> Result<Setting, CommandError> {
    Setting::named(name).ok_or_else(|| {
        let similarity = |setting: &Setting| jaro_winkler(name, setting.name());
        let nearest = Setting::ALL
            .into_iter()
            .max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
        let hint = nearest.map_or_else(String::new, |nearest| {
            format!("; did you mean {}?", nearest.name())
        });
        CommandError::Wrong(format!("there is no setting called {name}{hint}"))
    })
}
