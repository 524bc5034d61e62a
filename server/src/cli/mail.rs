//! The commands that test mail and manage the outbox.

use super::plural::counted;
use super::{CommandError, existing, shown};
use crate::{
    application::{mailer, settings},
    config::{Config, MailCommand},
};
use domain::{
    mail::{
        outbox,
        template::{self, EmailTemplate},
        transport::Envelope,
    },
    platform::{clock::Clock, entity::mail},
};
use shared::forms::Email;

/// Runs `command`.
///
/// # Errors
/// Returns an error if the mail cannot be sent or the outbox cannot be read.
pub async fn run(config: &Config, command: MailCommand) -> Result<(), CommandError> {
    match command {
        MailCommand::Test { address } => test(config, &address).await,
        MailCommand::Queue => queue(config).await,
        MailCommand::Retry => retry(config).await,
    }
}

/// Sends a test mail immediately, without the outbox and the database.
async fn test(config: &Config, address: &str) -> Result<(), CommandError> {
    let email = Email::parse(address)
        .map_err(|_| CommandError::Mail(format!("{address:?} is not an email address")))?;
    let (mailer, settings) = (mailer(config)?, settings(config));
    let envelope = Envelope {
        message_id: outbox::message_id(&settings)?,
        recipient: email.as_str().to_owned(),
        date: Clock::default().now(),
    };
    let text = template::trial(&settings)?;
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

/// Lists the mails that have not been sent, with the reasons.
async fn queue(config: &Config) -> Result<(), CommandError> {
    let state = existing(config).await?;
    let mails = outbox::waiting(&state).await?;
    let dead = mails.iter().filter(|mail| mail.dead_at.is_some()).count();
    println!("{} waiting, {dead} given up", mails.len() - dead);
    for mail in mails {
        println!("{}", line(&mail));
    }
    Ok(())
}

/// Schedules mails that were given up to be sent again.
async fn retry(config: &Config) -> Result<(), CommandError> {
    let state = existing(config).await?;
    match outbox::retry(&state).await? {
        0 => println!("No emails were given up."),
        revived => println!(
            "{} will be sent again, immediately if the server is running.",
            counted(revived, "email", "emails")
        ),
    }
    Ok(())
}

/// Returns a line that describes a mail: its number, kind, recipient and state.
fn line(mail: &mail::Model) -> String {
    let kind =
        serde_json::from_str::<EmailTemplate>(&mail.template).map_or("unknown", |template| template.name());
    let fate = match (mail.dead_at, mail.attempts) {
        (Some(at), _) => format!("given up at {}", shown(at)),
        (None, 0) => "not tried yet".to_owned(),
        (None, _) => format!("next try at {}", shown(mail.due_at)),
    };
    let error = mail
        .last_error
        .as_deref()
        .map_or_else(String::new, |error| format!(": {error}"));
    format!(
        "{:>6}  {:<16}  to {}, queued {}, {}, {fate}{error}",
        mail.id,
        kind,
        mail.recipient,
        shown(mail.created_at),
        counted(mail.attempts, "attempt", "attempts")
    )
}
