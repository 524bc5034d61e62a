//! A tokenizer for sanitised HTML.
//!
//! It only supports the output of the sanitiser's serialiser: every element that is not void has an end tag, every
//! attribute value is in double quotes, and `<`, `>` and `&` are escaped in text.

/// A token of serialised HTML.
pub(super) enum Token<'a> {
    Text(&'a str),
    /// A start tag and the name of its element.
    StartTag(&'a str, &'a str),
    /// An end tag and the name of its element.
    EndTag(&'a str, &'a str),
}

/// Returns the first token of `html` and the rest, or `None` at the end or at an incomplete tag.
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

/// Returns all tokens of `html`, up to an incomplete tag.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (token, after) = next_token(rest)?;
        rest = after;
        Some(token)
    })
}

/// Returns the text in sanitised `html`, as it is written in HTML.
#[must_use]
pub fn plain_text_of(html: &str) -> String {
    let texts = tokens(html).filter_map(|token| match token {
        Token::Text(text) => Some(text),
        Token::StartTag(..) | Token::EndTag(..) => None,
    });
    texts.collect()
}
