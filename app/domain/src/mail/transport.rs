//! Delivery over SMTP or, if no server is configured, as files in a folder.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

pub use lettre::message::Mailbox;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp,
};
use thiserror::Error;
use time::OffsetDateTime;
use tokio::{
    fs::{DirBuilder, OpenOptions},
    io::AsyncWriteExt,
    time::timeout,
};

/// The timeout of one SMTP command.
const COMMAND: Duration = Duration::from_secs(20);
/// The timeout of sending one mail.
pub const SENDING: Duration = Duration::from_mins(1);
/// SMTP replies about authentication, which are no fault of the mail (RFC 4954, 6).
const NOT_AUTHENTICATED: &[u16] = &[530, 534, 535, 538];

/// The content of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The name of the sender, unless the mailer has one.
    pub sender: String,
    /// The subject, a single line.
    pub subject: String,
    /// The plain text body.
    pub plain: String,
    /// The HTML body.
    pub html: String,
}

/// The envelope of a mail.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The `Message-ID`, the same for every attempt, so that duplicates can be recognized.
    pub message_id: String,
    /// The address of the recipient.
    pub recipient: String,
    /// The `Date`.
    pub date: OffsetDateTime,
}

/// The reason why a mail was not sent.
#[derive(Debug, Clone, Error)]
pub enum SendError {
    /// The server is unreachable or too slow, or refuses the connection or the login.
    #[error("{0}")]
    Unreachable(String),
    /// The server refused the mail temporarily (4xx).
    #[error("{0}")]
    NotNow(String),
    /// The server refused the mail permanently (5xx), or the mail is not valid.
    #[error("{0}")]
    Refused(String),
}

/// A sender of mails.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

#[derive(Debug, Clone)]
enum Transport {
    Smtp {
        server: String,
        transport: AsyncSmtpTransport<Tokio1Executor>,
    },
    Folder(PathBuf),
}

/// Returns how the URL of a mail server must look, unlike `url`. The library's own messages are about its internals.
fn wanted(url: &str) -> String {
    let begins = ["smtp://", "smtps://"]
        .iter()
        .any(|scheme| url.to_ascii_lowercase().starts_with(scheme));
    if begins {
        "is not the address of a mail server; write it like smtp://user:password@mail.example.org:587?tls=required"
            .to_owned()
    } else {
        "must start with smtp:// or smtps:// and name a mail server, such as smtps://mail.example.org"
            .to_owned()
    }
}

impl Mailer {
    /// Creates a mailer that sends over SMTP. `smtps://` uses TLS from the start; `smtp://` uses STARTTLS with
    /// `?tls=required`, STARTTLS if available with `?tls=opportunistic`, and otherwise no TLS.
    ///
    /// # Errors
    ///
    /// Returns a message about the URL, which does not contain the password.
    pub fn smtp(url: &str, from: Mailbox) -> Result<Self, String> {
        if shows_password(url) {
            return Err(
                "would send the password unencrypted: add ?tls=required, or start with smtps://".to_owned(),
            );
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| wanted(url))?;
        let transport = Transport::Smtp {
            server: server(url),
            transport: builder.timeout(Some(COMMAND)).build(),
        };
        Ok(Self { from, transport })
    }

    /// Creates a mailer that writes files into `folder`.
    #[must_use]
    pub fn folder(folder: PathBuf, from: Mailbox) -> Self {
        Self {
            from,
            transport: Transport::Folder(folder),
        }
    }

    /// Returns the sender's address.
    #[must_use]
    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Returns the mail server without its credentials, or `None` if mails are written to files.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        match &self.transport {
            Transport::Smtp { server, .. } => Some(server),
            Transport::Folder(_) => None,
        }
    }

    /// Sends a mail. Returns the path of the file if the mail was written into a folder.
    ///
    /// # Errors
    ///
    /// Returns the reason why the mail was not sent.
    pub async fn send(&self, envelope: &Envelope, text: &Text) -> Result<Option<PathBuf>, SendError> {
        let message = self.message(envelope, text)?;
        match &self.transport {
            Transport::Smtp { server, transport } => match timeout(SENDING, transport.send(message)).await {
                Ok(Ok(_)) => Ok(None),
                Ok(Err(error)) => Err(SendError::from_smtp(server, &error)),
                Err(_) => Err(SendError::Unreachable(format!("{server}: it took too long"))),
            },
            Transport::Folder(folder) => {
                let name = envelope.message_id.split('@').next().unwrap_or_default();
                let seconds = envelope.date.unix_timestamp();
                let path = folder.join(format!("{seconds}-{name}.eml"));
                write(folder, &path, &message.formatted())
                    .await
                    .map_err(unwritable)?;
                Ok(Some(path))
            }
        }
    }

    /// Checks that the mail server is reachable and accepts the login.
    ///
    /// # Errors
    ///
    /// Returns the reason why it is not or does not.
    pub async fn reach(&self) -> Result<(), SendError> {
        let Transport::Smtp { server, transport } = &self.transport else {
            return Ok(());
        };
        match timeout(SENDING, transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(SendError::Unreachable(format!(
                "{server}: it closed the connection"
            ))),
            Ok(Err(error)) => Err(SendError::from_smtp(server, &error)),
            Err(_) => Err(SendError::Unreachable(format!("{server}: it took too long"))),
        }
    }

    fn message(&self, envelope: &Envelope, text: &Text) -> Result<Message, SendError> {
        let refused = |error: &dyn std::fmt::Display| SendError::Refused(error.to_string());
        let to = envelope.recipient.parse().map_err(|error| {
            let error: lettre::address::AddressError = error;
            refused(&error)
        })?;
        let sender = self.from.name.clone().unwrap_or_else(|| text.sender.clone());
        Message::builder()
            .from(Mailbox::new(Some(sender), self.from.email.clone()))
            .to(Mailbox::new(None, to))
            .subject(text.subject.trim())
            .message_id(Some(format!("<{}>", envelope.message_id)))
            .date(envelope.date.into())
            // Prevents automatic replies (RFC 3834).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(
                text.plain.clone(),
                text.html.clone(),
            ))
            .map_err(|error| refused(&error))
    }
}

/// Returns the host and port of `url`, without the password.
fn server(url: &str) -> String {
    let rest = url.split("://").nth(1).unwrap_or_default();
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

/// Returns whether a password would be sent unencrypted over a network.
fn shows_password(url: &str) -> bool {
    let uri = url.parse::<axum::http::Uri>().ok();
    let host = uri.as_ref().and_then(axum::http::Uri::host);
    let local = matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"));
    // With `opportunistic`, an active attacker can suppress STARTTLS.
    let encrypted = url.starts_with("smtps://") || url.ends_with("?tls=required");
    !local && !encrypted && url.contains('@')
}

/// Writes a file that only its owner can read: it may contain a link that gives access to an account.
async fn write(folder: &Path, path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut private = DirBuilder::new();
    private.recursive(true).mode(0o700).create(folder).await?;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .await?;
    file.write_all(content).await?;
    file.flush().await
}

fn unwritable(error: std::io::Error) -> SendError {
    SendError::Unreachable(error.to_string())
}

impl SendError {
    fn from_smtp(server: &str, error: &smtp::Error) -> Self {
        let code = error.status().map(u16::from);
        let text = format!("{server}: {error}");
        if code.is_some_and(|code| NOT_AUTHENTICATED.contains(&code)) {
            Self::Unreachable(text)
        } else if error.is_permanent() {
            Self::Refused(text)
        } else if error.is_transient() {
            Self::NotNow(text)
        } else {
            Self::Unreachable(text)
        }
    }
}
