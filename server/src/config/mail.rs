//! Settings for mail.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use domain::{
    SiteUrl,
    mail::transport::{Mailbox, Mailer},
};
use shared::forms::{Secret, host};

use super::{ConfigError, mailbox, parse};

/// The unvalidated settings for mail. Each can be read from a file, like secrets in containers.
#[derive(Debug, Clone, Args)]
pub(super) struct MailSettings {
    /// Mail server, such as `smtp://user:password@host:587?tls=required`; without one, emails are written
    /// to files in the data folder
    #[arg(long, env = "BROADSHEET_SMTP_URL", value_name = "URL", hide_env_values = true)]
    smtp_url: Option<String>,

    /// File that contains the address of the mail server
    #[arg(long, env = "BROADSHEET_SMTP_URL_FILE", value_name = "FILE")]
    smtp_url_file: Option<PathBuf>,

    /// Sender of all emails, such as "post@example.org", with the name of the site, or "The Daily Crumb <post@example.org>"
    #[arg(long, env = "BROADSHEET_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,

    /// File that contains the sender
    #[arg(long, env = "BROADSHEET_MAIL_FROM_FILE", value_name = "FILE")]
    mail_from_file: Option<PathBuf>,

    /// Whether to email administrators about internal errors; `auto`: on a site with a mail server and an https address
    #[arg(
        long,
        env = "BROADSHEET_ERROR_MAILS",
        value_name = "SWITCH",
        default_value = "auto"
    )]
    error_mails: ErrorMails,
}

/// Whether internal errors are reported to administrators by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ErrorMails {
    /// Not from development.
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// The validated settings for mail.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The mail server, or `None` if mails are written to files.
    pub smtp_url: Option<Secret>,
    /// The sender of all mails.
    pub from: Mailbox,
    /// Whether internal errors are reported to administrators.
    pub mails_errors: bool,
}

impl MailSettings {
    pub(super) fn complete(self, site_url: &SiteUrl) -> Result<MailConfig, ConfigError> {
        let smtp_url = parse::one_of(
            "BROADSHEET_SMTP_URL",
            self.smtp_url,
            self.smtp_url_file.as_deref(),
        )?;
        let from = parse::one_of(
            "BROADSHEET_MAIL_FROM",
            self.mail_from,
            self.mail_from_file.as_deref(),
        )?;
        let from = from.unwrap_or_else(|| format!("noreply@{}", site_url.host()));
        let from: Mailbox = mailbox::to_ascii(&from).parse().map_err(|_| {
            ConfigError::Setting(
                "BROADSHEET_MAIL_FROM: must be an address, such as The Daily Crumb <post@example.org>"
                    .to_owned(),
            )
        })?;
        let smtp_url = smtp_url.map(|url| host::in_url(&url).into_owned());
        if let Some(url) = &smtp_url {
            Mailer::smtp(url, from.clone())
                .map_err(|error| ConfigError::Setting(format!("BROADSHEET_SMTP_URL: {error}")))?;
        }
        let mails_errors = match self.error_mails {
            ErrorMails::Auto => smtp_url.is_some() && site_url.is_https(),
            ErrorMails::On => true,
            ErrorMails::Off => false,
        };
        Ok(MailConfig {
            mails_errors,
            smtp_url: smtp_url.as_deref().map(Secret::from),
            from,
        })
    }
}
