//! The tables. Entities stay in the backend; pages see `model`.

/// What people write.
pub mod post;
/// Who is signed in where.
pub mod session;
/// People with an account.
pub mod user;
