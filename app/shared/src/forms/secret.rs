//! Text that must not be logged.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A secret, hidden by `Debug`, which the macro for server functions derives for their arguments.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Returns the text. Callers must not log or display it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_in_its_debug_output() {
        assert!(!format!("{:?}", Secret::from("hunter2")).contains("hunter2"));
    }
}
