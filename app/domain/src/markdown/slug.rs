//! Slugs.

/// The maximum length of a slug in characters.
const SLUG_MAX: usize = 80;

/// Returns the slug of `text`, or `otherwise` if it would be empty.
#[must_use]
pub fn from_text(text: &str, otherwise: &str) -> String {
    let mut slug = slug::slugify(text);
    slug.truncate(SLUG_MAX);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { otherwise } else { slug }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_plain_short_and_never_empty() {
        assert_eq!(from_text("Hello, World!", "post"), "hello-world");
        assert_eq!(from_text("Ünïcödé", "post"), "unicode");
        assert_eq!(from_text("!!!", "post"), "post");
        assert_eq!(from_text("", "part"), "part");
        let long = from_text(&"word ".repeat(100), "post");
        assert!(long.len() <= SLUG_MAX && !long.ends_with('-'), "{long}");
    }
}
