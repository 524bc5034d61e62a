//! What browser and server share: plain data, forms with their rules, errors with their wording, and every address of the site.
//!
//! Nothing in here knows a view or a database. The features add what one of the sides needs of these types: `server-fn` sends
//! [`error::AppError`] to the browser, and `server` has the database's errors become one.

/// What can go wrong for a visitor, with its wording and its HTTP status.
pub mod error;
/// Forms: their fields, limits and wording, validated by the same code on both sides.
pub mod forms;
/// Plain data.
pub mod model;
/// Every address of the site.
pub mod paths;
/// What the site is called.
pub mod site;
