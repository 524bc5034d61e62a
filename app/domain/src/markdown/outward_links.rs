//! Links from texts to other sites.

use std::borrow::Cow;

use super::tokens::{Token, tokens};

/// Returns the hosts to which sanitised `html` links, in the order of the links, except `own`, the host of the site. The host of
/// an address that has none, such as one of email, is empty.
#[must_use]
pub fn linked_hosts(html: &str, own: &str) -> Vec<String> {
    let destinations = tokens(html).filter_map(|token| match token {
        Token::StartTag(tag, "a") => host(href(tag)?, own),
        _ => None,
    });
    destinations.collect()
}

/// Returns sanitised `html` with the links to other sites than `own`, the host of the site, as text: each is followed by its
/// address unless that is what it says.
#[must_use]
pub fn links_as_text<'html>(html: &'html str, own: &str) -> Cow<'html, str> {
    if linked_hosts(html, own).is_empty() {
        return Cow::Borrowed(html);
    }
    let mut plain = String::with_capacity(html.len());
    // The address of the link that is open, and where its text begins. Links are not nested.
    let mut open: Option<(&str, usize)> = None;
    for token in tokens(html) {
        match token {
            Token::StartTag(tag, "a") => match href(tag).filter(|address| host(address, own).is_some()) {
                Some(address) => open = Some((address, plain.len())),
                None => plain.push_str(tag),
            },
            Token::EndTag(tag, "a") => match open.take() {
                Some((address, start)) => {
                    let text = plain.get(start..).unwrap_or_default();
                    if !says(text, address) {
                        plain.push_str(" (");
                        plain.push_str(address);
                        plain.push(')');
                    }
                }
                None => plain.push_str(tag),
            },
            Token::Text(part) | Token::StartTag(part, _) | Token::EndTag(part, _) => plain.push_str(part),
        }
    }
    Cow::Owned(plain)
}

/// Returns whether `text` is `address`, with or without its scheme.
fn says(text: &str, address: &str) -> bool {
    let (text, address) = (text.trim_end_matches('/'), address.trim_end_matches('/'));
    let without_scheme = address.split_once("://").or_else(|| address.split_once(':'));
    text == address || without_scheme.is_some_and(|(_, rest)| text == rest)
}

/// Returns the address in the start tag of a link, as it is written in HTML.
fn href(tag: &str) -> Option<&str> {
    let (_, rest) = tag.split_once(" href=\"")?;
    rest.split('"').next()
}

/// Returns the host of `address` in lower case without "www.", or `None` if it is an address on the site whose host is `own`.
fn host(address: &str, own: &str) -> Option<String> {
    let rest = match address.split_once(':') {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => rest,
        // Without a scheme, it has a host only after two slashes.
        _ => address.strip_prefix("//").map(|_| address)?,
    };
    let Some(rest) = rest.strip_prefix("//") else {
        return Some(String::new());
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    (host != own.strip_prefix("www.").unwrap_or(own)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "news.example";

    #[test]
    fn links_to_other_sites_become_text_with_their_address() {
        for (html, plain) in [
            ("<p>no link</p>", "<p>no link</p>"),
            (
                "<p><a href=\"https://a.example/x?b&amp;c\" rel=\"ugc\">here</a>!</p>",
                "<p>here (https://a.example/x?b&amp;c)!</p>",
            ),
            ("<a href=\"https://a.example/\">a.example</a>", "a.example"),
            (
                "<a href=\"https://a.example\">https://a.example</a>",
                "https://a.example",
            ),
            ("<a href=\"mailto:a@b.example\">a@b.example</a>", "a@b.example"),
            (
                "<a href=\"//A.example\"><em>b</em></a>",
                "<em>b</em> (//A.example)",
            ),
            (
                "<a title=\"x>y\" href=\"ftp://a.example\">z</a>",
                "z (ftp://a.example)",
            ),
        ] {
            assert_eq!(links_as_text(html, OWN), plain);
        }
    }

    #[test]
    fn links_to_the_site_itself_stay() {
        for html in [
            "<a href=\"#user-content-one\">1</a>",
            "<a href=\"/post/1\">a</a>",
            "<a href=\"post/1:2\">a</a>",
            "<a href=\"?page=2\">a</a>",
            "<a href=\"https://news.example/post/1\">a</a>",
            "<a href=\"http://WWW.news.example:8080\">a</a>",
            "<a id=\"x\">a</a>",
        ] {
            assert_eq!(links_as_text(html, OWN), html);
            assert!(linked_hosts(html, OWN).is_empty(), "{html}");
        }
    }

    #[test]
    fn a_disguised_host_is_found() {
        for (address, host) in [
            ("https://news.example@evil.example/", "evil.example"),
            ("https://evil.example:443\\news.example", "evil.example"),
            ("HTTPS://WWW.Evil.Example?news.example", "evil.example"),
            ("mailto:somebody@news.example", ""),
        ] {
            let html = format!("<p><a href=\"{address}\">x</a></p>");
            assert_eq!(linked_hosts(&html, OWN), [host]);
        }
    }
}
