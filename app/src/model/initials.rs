//! What is drawn for somebody without a picture: the initials of their name on a colour of its own.

use crate::forms::Username;

/// The drawing for `username`, as SVG.
#[must_use]
pub fn drawing(username: &Username) -> String {
    let (hue, letters) = (hue(&username.key()), initials(username.as_str()));
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl({hue} 45% 30%)"/><text x="32" y="33" fill="#fff" font-family="system-ui, sans-serif" font-size="24" font-weight="600" text-anchor="middle" dominant-baseline="central">{letters}</text></svg>"##
    )
}

/// The first letter, and the first of the next part if there is one.
fn initials(username: &str) -> String {
    username
        .split(['-', '_'])
        .filter_map(|part| part.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A colour that stays with the name, in whatever letters it is written (FNV-1a).
fn hue(username: &str) -> u32 {
    let hash = username.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    hash % 360
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
        ] {
            assert_eq!(initials(name), drawn);
        }
    }

    #[test]
    fn a_drawing_is_the_letters_on_their_colour() {
        let drawn = drawing(&Username::parse("Ada-Lovelace").expect("a name"));
        assert!(
            drawn.starts_with("<svg ") && drawn.contains(">AL</text>"),
            "{drawn}"
        );
        assert!(drawn.contains(&format!("hsl({} 45% 30%)", hue("ada-lovelace"))));
    }

    #[test]
    fn a_colour_stays_with_the_name_in_any_case() {
        assert_eq!(hue("Ada"), hue("ada"));
        assert_ne!(hue("ada"), hue("grace"));
    }
}
