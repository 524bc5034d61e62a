//! The initials shown for users without an avatar, on a background colour derived from the username.

/// The number of colours, evenly spaced around the colour wheel (`style/initials.css`).
const HUES: u32 = 12;

/// Returns the first letter or digit of a display name or username and of its second part, if any.
#[must_use]
pub fn letters(name: &str) -> String {
    name.split(|character: char| matches!(character, '-' | '_') || character.is_whitespace())
        .filter_map(|part| part.chars().find(|character| character.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// Returns the number of the colour, which does not depend on the case of the username (FNV-1a).
#[must_use]
pub fn hue(username: &str) -> u32 {
    let hash = username.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    hash % HUES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_one_or_two_letters() {
        for (name, drawn) in [
            ("ada", "A"),
            ("ada-lovelace", "AL"),
            ("a_b-c", "AB"),
            ("0x", "0"),
            ("a--", "A"),
            ("Ada King Lovelace", "AK"),
            ("(émilie) du châtelet", "ÉD"),
            ("李清照", "李"),
        ] {
            assert_eq!(letters(name), drawn);
        }
    }

    #[test]
    fn a_colour_stays_with_the_name_in_any_case() {
        assert_eq!(hue("Ada"), hue("ada"));
        assert!(
            ["grace", "joan", "mary"]
                .iter()
                .any(|name| hue(name) != hue("ada"))
        );
    }
}
