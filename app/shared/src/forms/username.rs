//! Usernames.

use super::{FieldProblem, of_length, reserved::is_reserved};

/// The minimum length of a username in characters.
pub const USERNAME_MIN: usize = 2;
/// The maximum length of a username in characters.
pub const USERNAME_MAX: usize = 32;

/// A username: ASCII letters, digits, `-` and `_`, beginning with a letter or digit. Other Unicode characters would
/// allow names that look like another user's (Unicode Technical Standard 39).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Parses the username of an account, which may have become reserved after the account was created.
    ///
    /// # Errors
    ///
    /// Returns the problem if the username is not valid.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let name = of_length(text.trim(), USERNAME_MIN, USERNAME_MAX)?;
        let allowed = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !allowed || !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return Err(FieldProblem::UsernameCharacters);
        }
        Ok(Self(name.to_owned()))
    }

    /// Parses a username that is being chosen.
    ///
    /// # Errors
    ///
    /// Returns the problem if the username is not valid or reserved.
    pub fn choose(text: &str) -> Result<Self, FieldProblem> {
        let name = Self::parse(text)?;
        if is_reserved(name.as_str()) {
            Err(FieldProblem::Reserved)
        } else {
            Ok(name)
        }
    }

    /// Returns the username as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form in which usernames are compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_have_2_to_32_plain_characters() {
        for good in ["ab", "Ada", "ada-l-ovelace_1", "0x", &"a".repeat(32)] {
            assert!(Username::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            " ",
            "a",
            &"a".repeat(33),
            "-ab",
            "_ab",
            "a.b",
            "a b",
            "a/b",
            "Zoë",
            "раура",
            "a\u{200b}b",
            "<b>",
        ] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
    }

    // NAM-02
    #[test]
    fn reserved_names_are_refused_in_any_case() {
        for name in [
            "admin",
            "ADMIN",
            "Root",
            "No-Reply",
            "login",
            "reset_password",
            "www",
        ] {
            assert_eq!(Username::choose(name), Err(FieldProblem::Reserved));
            assert!(Username::parse(name).is_ok());
        }
    }
}
