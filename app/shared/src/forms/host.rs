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

/// Returns `url` with its host in ASCII. A host that has no ASCII form stays as it is.
#[must_use]
pub fn in_url(url: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.into();
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (host, port) = host.split_at(host.rfind(':').unwrap_or(host.len()));
    match to_ascii(host) {
        Some(Cow::Owned(host)) => format!("{scheme}://{user}{host}{port}{path}").into(),
        _ => url.into(),
    }
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
    #[test]
    fn the_host_of_a_url_is_written_in_ascii_and_the_rest_stays() {
        for (url, ascii) in [
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            (
                "http://bücher.example:8080/",
                "http://xn--bcher-kva.example:8080/",
            ),
            (
                "smtps://ä:p@ß@bücher.example:465?tls=required",
                "smtps://ä:p@ß@xn--bcher-kva.example:465?tls=required",
            ),
            ("https://example.org/ü", "https://example.org/ü"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("bücher.example", "bücher.example"),
            ("https://bü cher", "https://bü cher"),
        ] {
            assert_eq!(in_url(url), ascii, "{url}");
        }
    }
}
