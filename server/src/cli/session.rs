//! The command that ends the sessions of a user.

use domain::{Scope, accounts::administration};

use super::{CommandError, existing, nobody};
use crate::config::{Config, SessionCommand};

/// Runs `command`.
///
/// # Errors
/// Returns an error if there is no such user or the site cannot be opened.
pub async fn run(config: &Config, command: SessionCommand) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    let SessionCommand::Revoke { name } = command;
    let person = administration::end_sessions(&scope, &name)
        .await
        .map_err(|error| nobody(&name, error))?;
    println!("All sessions of {} have ended.", person.username);
    Ok(())
}
