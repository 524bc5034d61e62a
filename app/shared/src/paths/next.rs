//! The paths to which a page may redirect.

/// Returns `next` if it is a path of this site that is safe as the value of `Location`.
///
/// Browsers treat `//host` and `/\host` as URLs of another site and remove tabs and line breaks before parsing, so
/// anything but visible ASCII is refused (OWASP, Unvalidated Redirects and Forwards).
#[must_use]
pub fn local(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let path = next
        .split(['?', '#'])
        .next()
        .unwrap_or(next)
        .to_ascii_lowercase()
        .replace("%2e", ".");
    // Browsers remove dot segments, and the result may begin with two slashes.
    let plain = !path.contains("//") && !path.contains("/.");
    let local =
        plain && !rest.starts_with('/') && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_leads_to_local_addresses_only() {
        for good in ["/", "/post/new", "/user/ada?page=2", "/post/1-a#b"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "post",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "/é",
            " /",
            "/.//evil.example",
            "/..//evil.example",
            "/%2E//evil.example",
            "/a//b",
            "/a b",
        ] {
            assert_eq!(local(bad), None, "{bad:?}");
        }
    }
}
