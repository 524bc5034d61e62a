//! The addresses that belong to the program, and those that static pages can have.

use super::{
    ABOUT, FEED, FORMER_SERVER_FUNCTIONS, HEALTH, LOGOUT, PAGES, PICTURES, READY, RSS, SITEMAPS, THEME,
};

/// The addresses besides those of pages whose first parts are no addresses of static pages. Others contain characters
/// that such an address cannot have.
const OTHERS: &[&str] = &[
    LOGOUT,
    PICTURES,
    THEME,
    SITEMAPS,
    FEED,
    RSS,
    FORMER_SERVER_FUNCTIONS,
    HEALTH,
    READY,
    "/pkg/",
];

/// The addresses whose pages the administrators may replace by static ones.
const REPLACEABLE: &[&str] = &[ABOUT];

/// Returns whether addresses that begin with the segment `name` belong to the program, so that no static page can have
/// this address.
#[must_use]
pub fn is_claimed(name: &str) -> bool {
    claimed().any(|claimed| claimed == name)
}

/// Returns the first segments of all addresses of the program, which no static page can have as its address.
pub fn claimed() -> impl Iterator<Item = &'static str> {
    let addresses = PAGES.iter().chain(OTHERS);
    let addresses = addresses.filter(|address| !REPLACEABLE.contains(address));
    addresses.filter_map(|address| address.split('/').nth(1))
}

/// Returns the path of the static page with this slug. A later version of the program may claim its address: the page is
/// then below `/page`.
#[must_use]
pub fn static_page(slug: &str) -> String {
    if is_claimed(slug) {
        format!("/page/{slug}")
    } else {
        format!("/{slug}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_static_page_has_an_address_of_its_own_unless_the_program_has_claimed_it() {
        for name in [
            "post", "page", "explore", "media", "logout", "feed", "healthz", "api",
        ] {
            assert!(is_claimed(name), "{name}");
            assert_eq!(static_page(name), format!("/page/{name}"));
        }
        for name in ["about", "imprint", "posting", "a"] {
            assert!(!is_claimed(name), "{name}");
            assert_eq!(static_page(name), format!("/{name}"));
        }
    }
}
