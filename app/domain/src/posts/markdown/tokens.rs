//! Reading HTML that has passed the sanitiser.
//!
//! Only what its serialiser writes has to be understood here: every element has an end tag unless it is void, every attribute
//! value stands in double quotes, and `<`, `>` and `&` are escaped in text.

/// Elements without an end tag, of those that the sanitiser keeps.
pub(super) const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// A part of serialised HTML.
pub(super) enum Token<'a> {
    Text(&'a str),
    /// A whole tag, and the name of its element.
    StartTag(&'a str, &'a str),
    /// A whole tag, and the name of its element.
    EndTag(&'a str, &'a str),
}

/// Returns the first part of `html`, and what comes after it; `None` at the end, and where a tag was cut off.
pub(super) fn next_token(html: &str) -> Option<(Token<'_>, &str)> {
    if !html.starts_with('<') {
        let (text, after) = html.split_at(html.find('<').unwrap_or(html.len()));
        return (!text.is_empty()).then_some((Token::Text(text), after));
    }
    let mut is_quoted = false;
    let end = html.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b'>' && !is_quoted
    })?;
    let (tag, after) = html.split_at(end + 1);
    let inside = tag.trim_matches(['<', '>']);
    let token = match inside.strip_prefix('/') {
        Some(name) => Token::EndTag(tag, name),
        None => Token::StartTag(tag, inside.split(' ').next().unwrap_or(inside)),
    };
    Some((token, after))
}

/// Returns all parts of `html`, up to where a tag was cut off.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (token, after) = next_token(rest)?;
        rest = after;
        Some(token)
    })
}
