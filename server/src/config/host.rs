//! Hosts in settings, which may be written with letters beyond ASCII.

use std::borrow::Cow;

use shared::forms::host::to_ascii;

/// Returns the web or mail server's address `text` with its host as networks know it. One that cannot be such a name stays as
/// it is.
pub(super) fn in_url(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.into();
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (host, port) = host.split_at(host.rfind(':').unwrap_or(host.len()));
    match to_ascii(host) {
        Some(Cow::Owned(host)) => format!("{scheme}://{user}{host}{port}{path}").into(),
        _ => text.into(),
    }
}

/// Does the same for a mail address, which may stand behind a name, between `<` and `>`.
pub(super) fn in_mailbox(text: &str) -> Cow<'_, str> {
    let Some((before, after)) = text.rsplit_once('@') else {
        return text.into();
    };
    let (host, rest) = after.split_at(after.find(['>', ' ']).unwrap_or(after.len()));
    match to_ascii(host) {
        Some(Cow::Owned(host)) => format!("{before}@{host}{rest}").into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_written_as_networks_know_them_and_the_rest_stays() {
        for (text, ascii) in [
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
            assert_eq!(in_url(text), ascii, "{text}");
        }
        for (text, ascii) in [
            (
                "Bücher <post@bücher.example>",
                "Bücher <post@xn--bcher-kva.example>",
            ),
            ("post@bücher.example", "post@xn--bcher-kva.example"),
            ("Ä <a@example.org>", "Ä <a@example.org>"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(in_mailbox(text), ascii, "{text}");
        }
    }
}
