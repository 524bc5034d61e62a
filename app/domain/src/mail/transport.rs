//! How a mail leaves: over SMTP, or, where none is configured, as a file in a folder.

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

/// How long one command of the SMTP dialogue may take.
const COMMAND: Duration = Duration::from_secs(20);
/// How long a whole mail may take.
pub const SENDING: Duration = Duration::from_mins(1);
/// Replies that refuse us, not the mail: the password is wrong, or one is needed (RFC 4954, 6).
const NOT_AUTHENTICATED: [u16; 4] = [530, 534, 535, 538];

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub plain: String,
    /// The same as HTML.
    pub html: String,
}

/// Which mail it is, and to whom.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The same for every attempt, so that a mailbox can see that two are one.
    pub message_id: String,
    /// The address.
    pub recipient: String,
    /// When it was written.
    pub date: OffsetDateTime,
}

/// Why a mail has not left.
#[derive(Debug, Error)]
pub enum SendError {
    /// The server cannot be spoken to: it is down, too slow, or does not let us in.
    #[error("{0}")]
    Unreachable(String),
    /// The server does not want this mail now (4xx).
    #[error("{0}")]
    NotNow(String),
    /// The server does not want this mail ever (5xx), or it cannot be a mail.
    #[error("{0}")]
    Refused(String),
}

/// Sends mails.
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

/// Says how the address of a mail server has to look, which `url` does not. The library's own words are about its inner workings.
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
    /// Sends over SMTP: `smtps://` is TLS from the start; `smtp://` with `?tls=required` is STARTTLS, with
    /// `?tls=opportunistic` STARTTLS where there is one, without either no TLS at all.
    ///
    /// # Errors
    /// What is wrong with the address, without the password in it.
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

    /// Writes files into `folder`.
    #[must_use]
    pub fn folder(folder: PathBuf, from: Mailbox) -> Self {
        Self {
            from,
            transport: Transport::Folder(folder),
        }
    }

    /// The address that mails come from.
    #[must_use]
    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Sends a mail, and says where a file went if it became one.
    ///
    /// # Errors
    /// Why it has not left.
    pub async fn send(&self, envelope: &Envelope, text: &Text) -> Result<Option<PathBuf>, SendError> {
        let message = self.message(envelope, text)?;
        match &self.transport {
            Transport::Smtp { server, transport } => match timeout(SENDING, transport.send(message)).await {
                Ok(Ok(_)) => Ok(None),
                Ok(Err(error)) => Err(SendError::of(server, &error)),
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

    /// Whether the mail server answers, and takes the password.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn reach(&self) -> Result<(), SendError> {
        let Transport::Smtp { server, transport } = &self.transport else {
            return Ok(());
        };
        match timeout(SENDING, transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(SendError::Unreachable(format!(
                "{server}: it closed the connection"
            ))),
            Ok(Err(error)) => Err(SendError::of(server, &error)),
            Err(_) => Err(SendError::Unreachable(format!("{server}: it took too long"))),
        }
    }

    fn message(&self, envelope: &Envelope, text: &Text) -> Result<Message, SendError> {
        let refused = |error: &dyn std::fmt::Display| SendError::Refused(error.to_string());
        let to = envelope.recipient.parse().map_err(|error| {
            let error: lettre::address::AddressError = error;
            refused(&error)
        })?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(text.subject.trim())
            .message_id(Some(format!("<{}>", envelope.message_id)))
            .date(envelope.date.into())
            // So that no machine answers it (RFC 3834).
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

/// Host and port in `url`, without the password.
fn server(url: &str) -> String {
    let rest = url.split("://").nth(1).unwrap_or_default();
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

/// Whether a password would travel over a network that others can listen to.
fn shows_password(url: &str) -> bool {
    let uri = url.parse::<axum::http::Uri>().ok();
    let host = uri.as_ref().and_then(axum::http::Uri::host);
    let local = matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"));
    // With `opportunistic`, whoever is in between can keep the two from encrypting.
    let encrypted = url.starts_with("smtps://") || url.ends_with("?tls=required");
    !local && !encrypted && url.contains('@')
}

/// Writes a file that its owner alone can read: there may be a link in it that opens an account.
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
    fn of(server: &str, error: &smtp::Error) -> Self {
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
