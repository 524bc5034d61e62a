//! Mailboxes in settings, whose hosts may contain letters beyond ASCII.

use std::borrow::Cow;

use shared::forms::host;

/// Returns the mailbox `text`, such as `Name <a@example.org>`, with its host in ASCII. A host that has no ASCII form
/// stays as it is.
pub(super) fn to_ascii(text: &str) -> Cow<'_, str> {
    let Some((before, after)) = text.rsplit_once('@') else {
        return text.into();
    };
    let (name, rest) = after.split_at(after.find(['>', ' ']).unwrap_or(after.len()));
    match host::to_ascii(name) {
        Some(Cow::Owned(host)) => format!("{before}@{host}{rest}").into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_mailbox_is_written_in_ascii_and_the_rest_stays() {
        for (text, ascii) in [
            (
                "Bücher <post@bücher.example>",
                "Bücher <post@xn--bcher-kva.example>",
            ),
            ("post@bücher.example", "post@xn--bcher-kva.example"),
            ("Ä <a@example.org>", "Ä <a@example.org>"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(to_ascii(text), ascii, "{text}");
        }
    }
}
