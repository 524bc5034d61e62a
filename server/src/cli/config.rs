//! The command that prints the effective settings and the source of each.

use serde_json::{Map, Value, json};

use crate::config::{Config, EffectiveSetting};

/// Prints all settings. Secrets in them are masked.
pub fn print(config: &Config, as_json: bool) {
    if as_json {
        let settings: Map<String, Value> = config
            .settings
            .iter()
            .map(|setting| {
                let EffectiveSetting { name, value, source } = setting;
                (name.clone(), json!({ "value": value, "source": source }))
            })
            .collect();
        println!("{:#}", Value::Object(settings));
        return;
    }
    let longest = config
        .settings
        .iter()
        .map(|setting| setting.name.len())
        .max()
        .unwrap_or_default();
    for EffectiveSetting { name, value, source } in &config.settings {
        let value = value.as_deref().unwrap_or("-");
        println!("{name:longest$}  {value}  ({source})");
    }
}
