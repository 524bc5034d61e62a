//! Email: templates, the outbox and delivery.

/// Mails to the administrators about internal errors.
pub mod error_alert;
/// The queue of mails to be sent.
pub mod outbox;
/// Rendering mails.
pub mod rendering;
/// How mail is set up.
pub mod setup;
/// The kinds of mails.
pub mod template;
/// Delivery over SMTP or into a folder.
pub mod transport;
