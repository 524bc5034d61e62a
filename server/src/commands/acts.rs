//! What people with a role have done to others.

use domain::moderation::audit_log;
use serde_json::{Value, json};

use super::{CommandError, existing, shown};
use crate::config::Config;

/// Lists the latest.
///
/// # Errors
/// When the site cannot be read.
pub async fn run(config: &Config, limit: u64, as_json: bool) -> Result<(), CommandError> {
    let state = existing(config).await?;
    let acts = audit_log::latest(&state, limit).await?;
    if as_json {
        let acts: Vec<Value> = acts
            .iter()
            .map(|act| {
                json!({
                    "at": shown(act.at),
                    "actor": act.actor,
                    "deed": act.deed.name(),
                    "subject": act.subject,
                    "reason": act.reason,
                })
            })
            .collect();
        println!("{:#}", json!(acts));
        return Ok(());
    }
    for act in acts {
        let reason = if act.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", act.reason.replace('\n', " "))
        };
        println!(
            "{}  {} {} {}{reason}",
            shown(act.at),
            act.actor,
            act.deed.words(),
            act.subject
        );
    }
    Ok(())
}
