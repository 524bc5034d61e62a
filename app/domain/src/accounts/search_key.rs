//! The form of names in which they are searched: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;

/// The maximum length of the key of a display name in characters.
const LENGTH: usize = 64;
/// The punctuation that people leave out when they search. Other characters have to match, so that a search for `a%`
/// does not find every name that begins with `a`.
const OMITTED: &str = "'’.,\"“”()";

/// Returns the words of `name` as they are searched, separated by spaces.
pub(crate) fn search_key(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(word)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(LENGTH).collect()
}

/// Returns `word` in small letters, without accents of Latin, Greek and Cyrillic letters.
fn word(word: &str) -> String {
    let is_kept = |character: &char| {
        let is_accent = matches!(character, '\u{300}'..='\u{36f}');
        !is_accent && !OMITTED.contains(*character)
    };
    word.nfkd()
        .filter(is_kept)
        .collect::<String>()
        .to_lowercase()
        .nfc()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_searched_without_case_accents_and_punctuation() {
        for (name, key) in [
            ("Ada Lovelace", "ada lovelace"),
            ("  Émilie  du Châtelet ", "emilie du chatelet"),
            ("O’Brien, Jean-Luc", "obrien jean-luc"),
            ("ПЁТР", "петр"),
            ("李清照", "李清照"),
            ("हिन्दी", "हिन्दी"),
            ("Ａｄａ “✔”", "ada ✔"),
            ("a%' --", "a% --"),
            ("ada_lovelace-1", "ada_lovelace-1"),
        ] {
            assert_eq!(search_key(name), key, "{name}");
            assert_eq!(search_key(key), key, "{name}");
        }
    }
}
