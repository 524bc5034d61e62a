//! Names of hosts: those with letters beyond ASCII have a second form without them, by which networks know them (RFC 5890).

use std::borrow::Cow;

/// Returns the form of `host` that networks know: of `bücher.example`, `xn--bcher-kva.example`. A name in ASCII stays as it is.
#[must_use]
pub fn to_ascii(host: &str) -> Option<Cow<'_, str>> {
    if host.is_ascii() {
        return Some(host.into());
    }
    // Anything else has a meaning of its own in an address.
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

/// Browsers know how: the tables are not sent to them again.
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
