//! The commands about mail.

use clap::Subcommand;

/// A command about mail.
#[derive(Debug, Clone, Subcommand)]
pub enum MailCommand {
    /// Send a test email now, and show whether it worked
    Test {
        /// Email address to send it to
        address: String,
    },
    /// The same as `jobs list`
    Queue,
    /// The same as `jobs retry --all`
    Retry,
}
