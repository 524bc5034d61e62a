//! Database copies, demo content, exports and imports.

/// Copying a whole site from one database into another.
pub mod database_copy;
/// Demo content.
pub mod demo;
/// Export of a site or of one user.
pub mod export;
/// Import into a site.
pub mod import;
/// The data model of exports and imports.
pub mod interchange;
/// The tables of the schema, and how they take part in all of these.
pub mod tables;
