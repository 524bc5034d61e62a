//! The name and description of the site.

/// The name of the site, which is also the title of the home page.
pub const SITE: &str = "Broadsheet";

/// The description of the site.
pub const SITE_DESCRIPTION: &str = "A publication by many writers: read their posts, and write your own.";
