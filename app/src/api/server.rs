//! The parts of server functions that exist on the server alone.

/// Request body limits.
mod body_limit;
/// Actions on comments.
pub(super) mod comment;
/// Who sees the history of a post.
pub(super) mod history;
/// The redirect after a registration.
pub(super) mod register;
/// The request that a server function answers.
pub(super) mod request;
/// Submission of a static page.
pub(super) mod save_page;
/// Submission of a post.
pub(super) mod submit;

pub use body_limit::{BodyLimit, FORM_MAX};
