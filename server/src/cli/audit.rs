//! The command that prints the audit log.

use domain::{Scope, audit_log};
use serde_json::{Value, json};

use super::{CommandError, existing, shown};
use crate::config::Config;
use shared::model::moderation::AuditRecord;

/// Prints the latest `limit` records, as lines, JSON or comma-separated values.
///
/// # Errors
/// Returns an error if the site cannot be read.
pub async fn run(config: &Config, limit: u64, (as_json, as_csv): (bool, bool)) -> Result<(), CommandError> {
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
    if as_csv {
        return print_csv(&records);
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

/// Prints `records` as comma-separated values (RFC 4180) with a header.
fn print_csv(records: &[AuditRecord]) -> Result<(), CommandError> {
    let failed = |error: csv::Error| CommandError::Terminal(error.into());
    let mut table = csv::Writer::from_writer(std::io::stdout().lock());
    table
        .write_record(["at", "actor", "action", "subject", "reason"])
        .map_err(failed)?;
    for record in records {
        let row = [
            &shown(record.at),
            &record.actor,
            record.action.name(),
            &record.subject,
            &record.reason,
        ];
        table.write_record(row.map(harmless)).map_err(failed)?;
    }
    table.flush().map_err(CommandError::Terminal)
}

/// Returns `cell` as a program for tables shows it without computing it as a formula (OWASP, CSV injection).
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
