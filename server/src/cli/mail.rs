//! The commands about mail.

use std::sync::Arc;

use super::{CommandError, existing, jobs};
use crate::{
    application::{mailer, settings},
    config::{Config, JobsCommand, MailCommand},
};
use domain::{
    SiteSettings,
    mail::{outbox, rendering, transport::Envelope},
    platform::clock::Clock,
    site::{self, values::fixed_identity},
};
use shared::{forms::Email, model::site::SiteIdentity};

/// Runs `command`.
///
/// # Errors
/// Returns an error if the mail cannot be sent or the jobs cannot be read.
pub async fn run(config: &Config, command: MailCommand) -> Result<(), CommandError> {
    match command {
        MailCommand::Test { address } => test(config, &address).await,
        MailCommand::Queue => jobs::run(config, JobsCommand::default()).await,
        MailCommand::Retry => jobs::run(config, JobsCommand::Retry { id: None, all: true }).await,
    }
}

/// Sends a test mail immediately and without a job, so that it needs no database.
async fn test(config: &Config, address: &str) -> Result<(), CommandError> {
    let email = Email::parse(address)
        .map_err(|_| CommandError::Mail(format!("{address:?} is not an email address")))?;
    let (mailer, settings) = (mailer(config)?, settings(config));
    let envelope = Envelope {
        message_id: outbox::message_id(&settings)?,
        recipient: email.as_str().to_owned(),
        date: Clock::default().now(),
    };
    let text = rendering::trial(&site(config, &settings).await, &settings)?;
    let file = mailer
        .send(&envelope, &text)
        .await
        .map_err(|error| CommandError::Mail(error.to_string()))?;
    match file {
        Some(file) => println!(
            "No mail server is configured (BROADSHEET_SMTP_URL). The email was written to {}.",
            file.display()
        ),
        None => println!(
            "The mail server accepted an email from {} to {}.",
            mailer.from(),
            email.as_str()
        ),
    }
    Ok(())
}

/// Returns the settings of the site, or without its database those that `settings` contains.
async fn site(config: &Config, settings: &SiteSettings) -> SiteIdentity {
    match existing(config).await {
        Ok(state) => Arc::unwrap_or_clone(site::current(&state).await),
        Err(_) => fixed_identity(settings),
    }
}
