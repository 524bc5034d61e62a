//! The form of names in which they are searched: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;

/// The maximum length of the key of a display name in characters.
const LENGTH: usize = 64;

/// Returns the words of `name` as they are searched, separated by spaces. Hyphens stay, because they are part of usernames.
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
        let is_letter =
            character.is_alphanumeric() || unicode_normalization::char::is_combining_mark(*character);
        !is_accent && is_letter || matches!(character, '-' | '_')
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
            ("Ａｄａ ✔", "ada"),
            ("%' --", "--"),
            ("ada_lovelace-1", "ada_lovelace-1"),
        ] {
            assert_eq!(search_key(name), key, "{name}");
            assert_eq!(search_key(key), key, "{name}");
        }
    }
}
