//! Formats numbers with the correct form of a noun.

use std::fmt::Display;

/// Returns the number with the noun in the singular or plural: `1 person`, `2 people`.
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str, many: &str) -> String {
    let noun = if count == N::from(1) { one } else { many };
    format!("{count} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_another_form_than_all_others() {
        let counts = [0_u64, 1, 2, 11].map(|count| counted(count, "person", "people"));
        assert_eq!(counts, ["0 people", "1 person", "2 people", "11 people"]);
    }
}
