//! Notes the parts of a WordPress text that cannot be imported.

use super::export::Item;
use crate::transfer::external_format::{ExternalSite, FOR_SEARCHES};

/// The prefixes of fields in which plugins store metadata for search engines.
const FOR_SEARCH_ENGINES: &[&str] = &[
    "_aioseo_",
    "_aioseop_",
    "_genesis_",
    "_seopress_",
    "_yoast_wpseo_",
    "rank_math_",
];

/// Notes the properties of `item`, which is a text called `title`, that a text cannot have here.
pub(super) fn note(site: &mut ExternalSite, title: &str, item: &Item) {
    if item.fields.get("is_sticky") == "1" {
        site.note(title, "text that was pinned to the top, now in order of date");
    }
    let mut is_for_searches = false;
    for (key, _) in &item.meta {
        let has = |part: &str| key.contains(part);
        if FOR_SEARCH_ENGINES.iter().any(|begin| key.starts_with(begin)) {
            is_for_searches |= has("title") || has("desc") || has("image");
        } else if !key.starts_with('_') && key != "footnotes" {
            site.note_which("", "additional field of a text left out", &format!("“{key}”"));
        }
    }
    site.note_some(title, FOR_SEARCHES, usize::from(is_for_searches));
    let others = item.terms.iter().map(|term| term.domain.as_str());
    for domain in others.filter(|domain| !["", "category", "post_tag", "tag"].contains(domain)) {
        let what = "term that is neither a tag nor a category left out";
        site.note_which("", what, &format!("“{domain}”"));
    }
}

/// Returns the address at which `item` was published first, as plugins store it; empty if there is none.
pub(super) fn canonical(item: &Item) -> &str {
    let is_canonical = |key: &str| {
        key.contains("canonical") && FOR_SEARCH_ENGINES.iter().any(|begin| key.starts_with(begin))
    };
    let mut addresses = item.meta.iter().filter(|(key, _)| is_canonical(key));
    let address = addresses.find(|(_, address)| !address.trim().is_empty());
    address.map_or("", |(_, address)| address.trim())
}

/// Notes the division marks in `html`, which is the text called `title`.
pub(super) fn note_divisions(site: &mut ExternalSite, title: &str, html: &str) {
    let pages = html.matches("<!--nextpage-->").count();
    site.note_some(title, "page break within a text left out", pages);
    let beginnings = html.matches("<!--more").count();
    site.note_some(title, "“read more” mark left out", beginnings);
}
