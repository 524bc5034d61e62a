//! Web addresses that people give on their profiles.

use percent_encoding::{CONTROLS, utf8_percent_encode};

use super::{FieldProblem, host::to_ascii, post::is_visible};

/// The maximum length of a web address in bytes.
pub const WEB_ADDRESS_MAX: usize = 200;
/// The maximum number of links on a profile.
pub const LINKS_MAX: usize = 5;

/// Returns the web address in `text` in ASCII. Without a scheme, it is an address with `https`.
///
/// Addresses of other schemes, with a username, or of hosts that are not names in DNS are refused.
///
/// # Errors
///
/// Returns the problem if it is not a web address.
pub fn parse(text: &str) -> Result<String, FieldProblem> {
    parse_within(text, WEB_ADDRESS_MAX)
}

/// Like [`parse`], for an address of at most `most` bytes.
pub(super) fn parse_within(text: &str, most: usize) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.len() > most {
        return Err(FieldProblem::TooLong(most));
    }
    let refused = FieldProblem::NotAWebAddress;
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
        Some((before, _)) if !before.contains(['/', '?', '#']) => return Err(refused),
        _ => ("https", text),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = authority
        .split_once(':')
        .map_or((authority, None), |(host, port)| (host, Some(port)));
    let host = to_ascii(host).ok_or(refused)?.to_ascii_lowercase();
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    let is_plain = |character: char| is_visible(character) && !"<>\"\\^`{|}".contains(character);
    if !is_name(&host) || !is_port || !path.chars().all(is_plain) {
        return Err(refused);
    }
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let path = utf8_percent_encode(path, CONTROLS);
    let address = format!("{scheme}://{host}{port}{path}");
    if address.len() > most {
        return Err(FieldProblem::TooLong(most));
    }
    Ok(address)
}

/// Returns the web addresses in `text`, one on each line and each once.
///
/// # Errors
///
/// Returns the first problem.
pub fn parse_all(text: &str) -> Result<Vec<String>, FieldProblem> {
    let mut links: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let link = parse(line)?;
        if links.contains(&link) {
            continue;
        }
        // Stops here, so that the cost is bounded for any number of lines.
        if links.len() == LINKS_MAX {
            return Err(FieldProblem::TooManyLinks);
        }
        links.push(link);
    }
    Ok(links)
}

/// Returns `address` as it is shown: without its scheme and a final slash.
#[must_use]
pub fn shown(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// Returns whether `host` is a name of at least two labels that is not an IP address.
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(is_label)
        && last.starts_with(|first: char| first.is_ascii_alphabetic())
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_kept_in_ascii_and_gets_a_scheme() {
        for (typed, address) in [
            ("https://example.org", "https://example.org"),
            (
                " HTTP://Example.ORG:8080/a?b=c#d ",
                "http://example.org:8080/a?b=c#d",
            ),
            ("example.org/~ada", "https://example.org/~ada"),
            ("social.example/@ada", "https://social.example/@ada"),
            ("bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
            (
                "example.org/?to=https://other.example",
                "https://example.org/?to=https://other.example",
            ),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(address));
            assert_eq!(
                parse(address).as_deref(),
                Ok(address),
                "parsing twice changes nothing"
            );
        }
        assert_eq!(shown("https://example.org/"), "example.org");
        assert_eq!(shown("https://example.org/a/"), "example.org/a");
    }

    #[test]
    fn what_is_not_a_web_address_is_refused() {
        for bad in [
            "",
            "ada",
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "data:text/html,x",
            "mailto:ada@example.org",
            "ftp://example.org",
            "//example.org",
            "https://",
            "https://ada@example.org",
            "https://example.org@evil.example",
            "https://127.0.0.1",
            "https://0x7f.1",
            "https://[::1]",
            "https://localhost",
            "https://example..org",
            "https://-a.example",
            "https://example.org:0",
            "https://example.org:x",
            "https://example.org/a b",
            "https://example.org/\"><script>",
            "https://example.org/\u{202e}",
            "https://exa\tmple.org",
        ] {
            assert_eq!(parse(bad), Err(FieldProblem::NotAWebAddress), "{bad:?}");
        }
        let long = format!("https://example.org/{}", "a".repeat(WEB_ADDRESS_MAX));
        assert_eq!(parse(&long), Err(FieldProblem::TooLong(WEB_ADDRESS_MAX)));
    }

    #[test]
    fn at_most_five_links_are_given_one_on_each_line() {
        let links = parse_all("a.example\r\n\r\n https://b.example \nA.example").expect("links");
        assert_eq!(links, ["https://a.example", "https://b.example"]);
        assert_eq!(parse_all("  \n"), Ok(Vec::new()));
        let many: Vec<String> = (0..=LINKS_MAX)
            .map(|number| format!("{number}.example"))
            .collect();
        assert!(parse_all(&many[1..].join("\n")).is_ok());
        assert_eq!(parse_all(&many.join("\n")), Err(FieldProblem::TooManyLinks));
    }
}
