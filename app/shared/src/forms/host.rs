//! Host names. Internationalized names also have an ASCII form, which is used in DNS (RFC 5890).

use std::borrow::Cow;

/// Returns the ASCII form of `host`, such as `xn--bcher-kva.example` for `bücher.example`.
#[must_use]
pub fn to_ascii(host: &str) -> Option<Cow<'_, str>> {
    if host.is_ascii() {
        return Some(host.into());
    }
    // Other ASCII characters have a special meaning in URLs.
    let is_plain = host.chars().all(|character| {
        !character.is_ascii() || character.is_ascii_alphanumeric() || matches!(character, '-' | '.')
    });
    is_plain.then(|| converted(host))?.map(Cow::Owned)
}

#[cfg(feature = "server")]
fn converted(host: &str) -> Option<String> {
    match url::Host::parse(host) {
        Ok(url::Host::Domain(name)) => Some(name),
        _ => None,
    }
}

/// Uses the browser's implementation, to keep the tables out of the client.
#[cfg(not(feature = "server"))]
fn converted(host: &str) -> Option<String> {
    let url = web_sys::Url::new(&format!("http://{host}")).ok()?;
    Some(url.hostname())
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form_in_ascii() {
        for (host, ascii) in [
            ("example.org", "example.org"),
            ("Example.ORG", "Example.ORG"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("bu\u{308}cher.example", "xn--bcher-kva.example"),
            ("bücher。example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ] {
            assert_eq!(to_ascii(host).as_deref(), Some(ascii), "{host}");
        }
        for bad in [
            "bücher.example/x",
            "bücher@example",
            "bü cher",
            "b%C3%BCcher.ü",
            "１２７.0.0.1",
            "xn--a.ü",
            "ü\u{0}",
        ] {
            assert_eq!(to_ascii(bad), None, "{bad:?}");
        }
    }
}
