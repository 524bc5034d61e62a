//! The name and description of the site.

/// The name of the site, which is also the title of the home page.
pub const SITE: &str = "Broadsheet";

/// The description of the site.
pub const SITE_DESCRIPTION: &str =
    "A paper that many people write: read what they publish, and write yourself.";
