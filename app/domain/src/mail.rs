//! The mails that the site writes, and how they leave.

/// Faults of the program's own.
pub mod error_alert;
/// Mail that is to be sent.
pub mod outbox;
/// The mails that the site writes.
pub mod template;
/// How a mail leaves.
pub mod transport;
