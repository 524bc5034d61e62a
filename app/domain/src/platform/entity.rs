//! The tables. Entities stay in the backend; pages see `model`.

/// Who has done what to others.
pub mod audit_record;
/// What people are still writing.
pub mod draft;
/// Facts about the site itself.
pub mod fact;
/// Names that people had.
pub mod former_username;
/// Pictures in texts.
pub mod image;
/// Work that one process at a time does.
pub mod lease;
/// Mail that is to be sent.
pub mod mail;
/// Marks along long lists.
pub mod milestone;
/// Files that are to be deleted.
pub mod pending_deletion;
/// What people write.
pub mod post;
/// Who is signed in where.
pub mod session;
/// What posts are about.
pub mod tag;
/// Which posts have which tag.
pub mod tagging;
/// Secrets that were handed out.
pub mod token;
/// How long lists are.
pub mod total;
/// People with an account.
pub mod user;
/// Names from each of their words on.
pub mod username_suffix;
