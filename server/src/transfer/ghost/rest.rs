//! Notes the parts of a site other than people, texts and tags, none of which is imported.

use super::{ExternalSite, Fields};

/// The settings that affect what readers see, with their names in the notes. Older versions use other names for some of
/// them.
const SETTINGS: &[(&str, &str)] = &[
    ("title", "title"),
    ("description", "description"),
    ("logo", "logo"),
    ("icon", "icon"),
    ("cover", "cover"),
    ("cover_image", "cover"),
    ("navigation", "navigation"),
    ("secondary_navigation", "secondary navigation"),
    ("codeinjection_head", "code injection"),
    ("codeinjection_foot", "code injection"),
    ("ghost_head", "code injection"),
    ("ghost_foot", "code injection"),
    ("facebook", "profiles on other sites"),
    ("twitter", "profiles on other sites"),
];

/// Notes the parts that are not imported.
pub(super) fn note<'a>(site: &mut ExternalSite, settings: impl Iterator<Item = Fields<'a>>) {
    let mut named: Vec<&str> = Vec::new();
    for setting in settings.filter(|setting| !["", "[]", "{}"].contains(&setting.text("value"))) {
        let found = SETTINGS.iter().find(|(key, _)| setting.text("key") == *key);
        if let Some((_, name)) = found
            && !named.contains(name)
        {
            named.push(name);
        }
    }
    if !named.is_empty() {
        site.note_which("", "settings of the site left out", &named.join(", "));
    }
}
