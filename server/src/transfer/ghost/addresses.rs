//! Completes addresses within the site, because exports do not contain its own address.

use std::borrow::Cow;

use super::ExternalSite;
use crate::transfer::external_format::path_within;

/// The placeholder for the address of the site.
const PLACEHOLDER: &str = "__GHOST_URL__";
/// How addresses of files begin in versions without the placeholder.
const FILES: &[&str] = &["src=\"/content/", "href=\"/content/"];

/// The address of the site, and the number of addresses that would need it.
pub(super) struct Addresses<'a> {
    site: Option<&'a str>,
    missing: usize,
}

impl<'a> Addresses<'a> {
    pub(super) fn new(site: Option<&'a str>) -> Self {
        Self {
            site: site.map(|site| site.trim_end_matches('/')),
            missing: 0,
        }
    }

    /// Returns `html` with complete addresses, if the address of the site is known.
    pub(super) fn whole<'b>(&mut self, html: &'b str) -> Cow<'b, str> {
        let mut html = Cow::Borrowed(html);
        for part in FILES {
            if html.contains(part) {
                let marked = part.replace("/content", &format!("{PLACEHOLDER}/content"));
                html = html.replace(part, &marked).into();
            }
        }
        let count = html.matches(PLACEHOLDER).count();
        if count == 0 {
            return html;
        }
        if self.site.is_none() {
            self.missing += count;
        }
        html.replace(PLACEHOLDER, self.site.unwrap_or_default()).into()
    }

    /// Returns the complete form of a single `address`.
    pub(super) fn whole_one(&mut self, address: &str) -> String {
        if address.starts_with("/content/") {
            return self.whole(&format!("{PLACEHOLDER}{address}")).into_owned();
        }
        self.whole(address).into_owned()
    }

    /// Returns the address of the text with the slug `slug`, or an empty string if it is unknown.
    pub(super) fn of_text(&self, slug: &str) -> String {
        let site = self.site.map(|site| format!("{site}/{slug}/"));
        site.unwrap_or_default()
    }

    /// Returns the path of the text with the slug `slug`, if it has one. Posts and pages are at the root of a site, unless
    /// it is configured otherwise, which its export does not contain.
    pub(super) fn path_of(&self, slug: &str) -> Option<String> {
        let site = self.site.unwrap_or("https://ghost.invalid");
        let address = format!("{site}/{slug}/");
        path_within(site, &address).filter(|_| !slug.is_empty())
    }

    /// Notes how many addresses are incomplete.
    pub(super) fn note(&self, site: &mut ExternalSite) {
        if self.missing > 0 {
            site.note_some(
                "",
                "address within the old site, whose own address is not known: import the file into a new site with `--from` and that address",
                self.missing,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_whole_when_the_site_is_known() {
        let html =
            "<a href=\"__GHOST_URL__/a/\">x</a><img src=\"/content/images/b.png\"><img src=\"/c.png\">";
        let mut known = Addresses::new(Some("https://old.example/"));
        assert_eq!(
            known.whole(html),
            "<a href=\"https://old.example/a/\">x</a><img src=\"https://old.example/content/images/b.png\"><img src=\"/c.png\">"
        );
        assert_eq!(
            known.whole_one("/content/d.png"),
            "https://old.example/content/d.png"
        );
        assert_eq!(known.missing, 0);
        let mut unknown = Addresses::new(None);
        assert_eq!(
            unknown.whole(html),
            "<a href=\"/a/\">x</a><img src=\"/content/images/b.png\"><img src=\"/c.png\">"
        );
        assert_eq!(unknown.whole_one("__GHOST_URL__/content/d.png"), "/content/d.png");
        assert_eq!(unknown.missing, 3);
    }
}
