//! Who is signed in.

use domain::accounts::administration;

use super::{CommandError, existing, nobody};
use crate::config::{Config, SessionCommand};

/// Does what was asked for.
///
/// # Errors
/// Returns a sentence that says what went wrong.
pub async fn run(config: &Config, command: SessionCommand) -> Result<(), CommandError> {
    let state = existing(config).await?;
    let SessionCommand::Revoke { name } = command;
    let person = administration::end_sessions(&state, &name)
        .await
        .map_err(|error| nobody(&name, error))?;
    println!("All sessions of {} have ended.", person.username);
    Ok(())
}
