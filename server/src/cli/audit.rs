//! The command that prints the audit log.

use domain::{Scope, audit_log};
use serde_json::{Value, json};

use super::{CommandError, existing, shown};
use crate::config::Config;

/// Prints the latest `limit` records.
///
/// # Errors
/// Returns an error if the site cannot be read.
pub async fn run(config: &Config, limit: u64, as_json: bool) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    let records = audit_log::latest(&scope, limit).await?;
    if as_json {
        let records: Vec<Value> = records
            .iter()
            .map(|record| {
                json!({
                    "at": shown(record.at),
                    "actor": record.actor,
                    "action": record.action.name(),
                    "subject": record.subject,
                    "reason": record.reason,
                })
            })
            .collect();
        println!("{:#}", json!(records));
        return Ok(());
    }
    for record in records {
        let reason = if record.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", record.reason.replace('\n', " "))
        };
        println!(
            "{}  {} {} {}{reason}",
            shown(record.at),
            record.actor,
            record.action.words(),
            record.subject
        );
    }
    Ok(())
}
