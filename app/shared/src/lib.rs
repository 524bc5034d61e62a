//! Code shared by the browser and the server: plain data, forms with their rules, errors with their messages, and the
//! paths of the site.
//!
//! Nothing here depends on views or on the database. The features add what one side needs: `server-fn` sends
//! [`error::AppError`] to the browser, and `server` converts database errors to it.

/// Colours.
pub mod colour;
/// The errors of the application, with their messages and HTTP status codes.
pub mod error;
/// Forms: their fields, limits and messages, validated by the same code on both sides.
pub mod forms;
/// Plain data.
pub mod model;
/// The paths of the site.
pub mod paths;
/// The macro for enums whose names and texts are declared together with their variants.
mod variants;
