//! What the site is called, and what it is.

/// The name of the site, and the title of its first page.
pub const SITE: &str = "Broadsheet";

/// What the site is, in a sentence.
pub const SITE_DESCRIPTION: &str = "A publication by many writers: read their posts, and write your own.";
