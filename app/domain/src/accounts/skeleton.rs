//! Skeletons of names: names that look alike have the same skeleton (Unicode Technical Standard 39).

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton as confusables;

use shared::model::account::Role;

/// The maximum length of a skeleton in characters, which fits into an index for any script.
const LENGTH: usize = 200;
/// Names for a role that are not those of [`Role`].
const OTHER_ROLES: &[&str] = &["admin", "mod", "staff", "support", "moderation"];

/// The skeletons of the names of roles.
static ROLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let roles = Role::ALL.iter().filter(|role| role.moderates());
    let names = roles.map(|role| role.name()).chain(OTHER_ROLES.iter().copied());
    names.map(skeleton).collect()
});

/// Returns the skeleton of `name`.
///
/// Case, accents of Latin, Greek and Cyrillic letters, and everything but letters and digits make no difference.
#[must_use]
pub(crate) fn skeleton(name: &str) -> String {
    let latin: String = letters(name).chars().map(latin).collect();
    let small = letters(&latin.to_lowercase());
    confusables(&small).map(merged).take(LENGTH).collect()
}

/// Returns the Latin letters that `character` can be confused with, or the character itself. A capital letter may look
/// like a Latin one while its small letter does not.
fn latin(character: char) -> String {
    let alike: String = confusables(character.encode_utf8(&mut [0; 4])).collect();
    if alike.is_ascii() {
        alike
    } else {
        character.to_string()
    }
}

/// Returns one character for all that are still different in skeletons because only some of their forms look alike.
const fn merged(character: char) -> char {
    match character {
        // A capital `i` looks like a small `l`.
        'i' | 'ı' => 'l',
        // Small Cyrillic letters that look like capital Latin ones.
        'ʙ' => 'b',
        'ʜ' => 'h',
        'ᴋ' => 'k',
        'ᴛ' => 't',
        other => other,
    }
}

/// Returns the skeletons of the names of roles.
pub(super) fn of_roles() -> &'static [String] {
    &ROLES
}

/// Returns the letters and digits of `name` in their plain forms, without accents.
fn letters(name: &str) -> String {
    let visible: String = name
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect();
    let is_letter =
        |character: &char| character.is_alphanumeric() && !matches!(character, '\u{300}'..='\u{36f}');
    visible.nfkd().filter(is_letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_the_same_skeleton() {
        for (name, other) in [
            ("Grace Hopper", "grace_hopper"),
            ("Grace Hopper", "GRACE  HOPPER"),
            ("Grace Hopper", "G.r.a.c.e-Hopper ✔\u{fe0f}"),
            ("Grace Hopper", "Grасе Норреr"),
            ("Grace Hopper", "Ｇｒａｃｅ Ｈｏｐｐｅｒ"),
            ("Grace Hopper", "𝓖𝓻𝓪𝓬𝓮 𝕳𝖔𝖕𝖕𝖊𝖗"),
            ("Grace Hopper", "Gr\u{200c}ace Hopper"),
            ("Grace Hopper", "Gráçe Ĥopper"),
            ("Alice", "AIice"),
            ("Alice", "ALICE"),
            ("Alice", "A1ice"),
            ("Alice", "Al\u{131}ce"),
            ("Bob", "B0b"),
            ("Bob", "Воb"),
            ("Mary", "rnary"),
            ("administrator", "Adrnin1strаtοr"),
            ("Пётр", "ПЕТР"),
            ("Нина Ткаченко", "нина ткаченко"),
        ] {
            assert_eq!(skeleton(name), skeleton(other), "{name} and {other}");
        }
    }

    #[test]
    fn other_names_have_other_skeletons() {
        let names = [
            "Ada",
            "Adam",
            "Grace",
            "Gracie",
            "李清照",
            "李清煦",
            "नमिता",
            "नमन",
            "Пётр",
            "Павел",
        ];
        for (place, name) in names.iter().enumerate() {
            for other in names.iter().skip(place + 1) {
                assert_ne!(skeleton(name), skeleton(other), "{name} and {other}");
            }
        }
    }

    #[test]
    fn a_skeleton_fits_into_its_column() {
        assert!(skeleton(&"\u{fdfa}".repeat(50)).chars().count() <= LENGTH);
    }
}
