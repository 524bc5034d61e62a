//! The tables. Entities stay in the backend; pages see `model`.

/// Files that are to be deleted.
pub mod doomed_file;
/// Mail that is to be sent.
pub mod mail;
/// What people write.
pub mod post;
/// Who is signed in where.
pub mod session;
/// Secrets that were handed out.
pub mod token;
/// People with an account.
pub mod user;
