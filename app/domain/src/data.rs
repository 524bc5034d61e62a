//! A whole site, or all of one person, on its way elsewhere and back.

/// A whole site, from one database into another.
pub mod database_copy;
/// Content to try a site with.
pub mod demo;
/// Out of the site.
pub mod export;
/// Into the site.
pub mod import;
/// What a site is made of, to be carried elsewhere.
pub mod interchange;
