//! How mail is set up, as shown on pages.

use serde::{Deserialize, Serialize};

/// How mail is set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSetup {
    /// The sender of all mails.
    pub from: String,
    /// The mail server, or `None` if mails are written to files.
    pub server: Option<String>,
    /// The reason why the last mail to the viewer was not sent yet.
    pub error: Option<String>,
}
