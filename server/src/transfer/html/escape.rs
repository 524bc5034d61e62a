//! Escapes words for Markdown.

/// The position of words in the Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Whether they begin a line.
    pub begins_line: bool,
    /// Whether they are within a link.
    pub is_in_link: bool,
    /// The next character after them on the same line, if any.
    pub next: Option<char>,
}

/// Appends `text` to `written`, escaped so that no part of it is interpreted as markup.
pub(super) fn add(text: &str, place: Place, written: &mut String) {
    let mut before = written.chars().next_back().filter(|char| *char != '\n');
    let mut is_first_word = place.begins_line;
    let mut rest = text;
    // The text is processed word by word, because addresses are written differently.
    while !rest.is_empty() {
        let end = rest.find(' ').unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let next = if after.is_empty() { place.next } else { Some(' ') };
        if place.is_in_link || !add_address(word, before, is_first_word, written) {
            add_word(word, before, next, is_first_word, place.is_in_link, written);
        }
        let spaces = after.len() - after.trim_start_matches(' ').len();
        let (space, after) = after.split_at_checked(spaces).unwrap_or_default();
        written.push_str(space);
        before = written.chars().next_back();
        is_first_word = false;
        rest = after;
    }
}

/// Appends `word` as a link to itself if it contains a web address with markup characters. If these were escaped with
/// backslashes, an address that is linked automatically would change.
fn add_address(word: &str, before: Option<char>, begins_line: bool, written: &mut String) -> bool {
    let begins = ["http://", "https://", "www."]
        .iter()
        .filter_map(|begin| word.find(begin));
    let parts = begins.min().and_then(|at| word.split_at_checked(at));
    let Some((quote, rest)) = parts.filter(|(quote, _)| !quote.ends_with(char::is_alphanumeric)) else {
        return false;
    };
    let address = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '"']);
    let has_marks = address.contains(['*', '_', '~', '`', '[', ']', '&']);
    if !has_marks || address.contains(['<', '>', '\\']) || address.contains('&') && address.contains(';') {
        return false;
    }
    add_word(quote, before, Some('<'), begins_line, false, written);
    if address.starts_with("www.") {
        written.push('[');
        add_word(address, Some('['), Some(']'), false, true, written);
        written.push_str("](http://");
        written.push_str(&self::address(address));
        written.push(')');
    } else {
        written.push('<');
        written.push_str(address);
        written.push('>');
    }
    let after = rest.strip_prefix(address).unwrap_or_default();
    add_word(after, Some('>'), Some(' '), false, false, written);
    true
}

fn add_word(
    word: &str,
    mut before: Option<char>,
    next: Option<char>,
    begins_line: bool,
    is_in_link: bool,
    written: &mut String,
) {
    let is_number =
        |digits: &str| (1..10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    for (at, char) in word.char_indices() {
        let after = word.get(at + char.len_utf8()..).unwrap_or_default();
        let following = after.chars().next().or(next);
        let is_free = following.is_none_or(char::is_whitespace);
        let stands_alone = before.is_none_or(char::is_whitespace) && is_free && !(begins_line && at == 0);
        let is_mark = match char {
            '\\' | '`' | '[' => true,
            ']' => is_in_link,
            '*' | '~' => !stands_alone,
            '_' => {
                !(stands_alone
                    || before.is_some_and(char::is_alphanumeric)
                        && following.is_some_and(char::is_alphanumeric))
            }
            '<' => following.is_none_or(|next| next.is_ascii_alphabetic() || "/!?<".contains(next)),
            '&' => is_reference(after),
            '!' => after.is_empty() && next == Some('['),
            '#' => begins_line && at == 0 && (is_free || following == Some('#')),
            '>' | '|' => begins_line && at == 0,
            '+' | '-' | '=' | ':' => {
                begins_line && at == 0 && following.is_none_or(|next| !next.is_alphanumeric())
            }
            '.' | ')' => begins_line && is_free && word.get(..at).is_some_and(is_number),
            _ => false,
        };
        if is_mark {
            written.push('\\');
        }
        written.push(char);
        before = Some(char);
    }
}

/// Returns whether `after`, which follows `&`, continues like a character reference.
fn is_reference(after: &str) -> bool {
    let end = after.find(|char: char| !char.is_ascii_alphanumeric() && char != '#');
    end.is_some_and(|end| end > 0 && after.get(end..).is_some_and(|rest| rest.starts_with(';')))
}

/// Returns `address` escaped for use between the parentheses of a link.
pub(super) fn address(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    for (at, char) in address.char_indices() {
        let rest = address.get(at + char.len_utf8()..).unwrap_or_default();
        match char {
            ' ' => written.push_str("%20"),
            '<' => written.push_str("%3C"),
            '>' => written.push_str("%3E"),
            '\\' => written.push_str("%5C"),
            '|' => written.push_str("%7C"),
            '`' => written.push_str("%60"),
            '"' => written.push_str("%22"),
            '(' | ')' => {
                written.push('\\');
                written.push(char);
            }
            '&' if is_reference(rest) => written.push_str("&amp;"),
            char if char.is_whitespace() || char.is_control() => {}
            char => written.push(char),
        }
    }
    written
}

/// Returns `title` between the quotation marks of a link, preceded by a space, or an empty string if it is empty.
pub(super) fn title(title: &str) -> String {
    let title = title.trim();
    if title.is_empty() {
        return String::new();
    }
    let title = title
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('&', "&amp;")
        .replace('<', "\\<")
        .replace('`', "\\`");
    format!(" \"{title}\"")
}
