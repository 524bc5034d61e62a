//! The form of the site's appearance.

use serde::{Deserialize, Serialize};

use super::{FieldErrors, FieldProblem, Form, site::SettingsChange};
use crate::model::site::Setting;

/// The maximum size of custom CSS in bytes.
pub const CUSTOM_CSS_MAX: usize = 64 * 1024;
/// The maximum number of blocks and brackets within each other in custom CSS.
pub const CUSTOM_CSS_DEPTH: usize = 32;

/// The form of the accent colour and the custom CSS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppearanceForm {
    /// The accent colour.
    pub accent: String,
    /// The custom CSS.
    pub custom_css: String,
    /// The summary of the values that were shown in the form.
    pub base: String,
}

impl AppearanceForm {
    /// Returns the settings in the form.
    pub(super) fn texts(&self) -> [(Setting, &str); 2] {
        [
            (Setting::Accent, &self.accent),
            (Setting::CustomCss, &self.custom_css),
        ]
    }
}

impl Form for AppearanceForm {
    type Valid = SettingsChange;

    fn validate(&self) -> Result<SettingsChange, FieldErrors> {
        SettingsChange::of(self.texts(), &self.base)
    }
}

crate::variants! {
    /// Why custom CSS is not accepted.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub enum CssRefusal {
        /// It is not CSS.
        Syntax { advice: "correct this, which is not CSS" },
        /// Blocks within blocks within blocks.
        Depth { advice: "use fewer blocks within each other: at most 32" },
        /// An `@import`.
        Import { advice: "replace @import with the rules of that style sheet" },
        /// A `@font-face`.
        FontFace { advice: "remove @font-face. You can name fonts that readers have in font-family" },
        /// Another at-rule that is not allowed.
        AtRule { advice: "remove this rule, which is not supported here" },
        /// An address that is not that of a picture of the site.
        Address { advice: "use the address of a picture of this site, which begins with /media/image/" },
        /// The address of a picture that the site does not have.
        NoPicture { advice: "use the address of a picture of this site: there is none at this one" },
        /// A function that is not allowed.
        Function { advice: "remove this function, which is not supported here" },
        /// A property that is not allowed.
        Property { advice: "remove this property, which is not supported here" },
    }

    /// Returns what to do about it.
    pub const fn advice(self) -> &'static str;
}

/// A place in custom CSS that is not accepted, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CssProblem {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// Why it is not accepted.
    pub refusal: CssRefusal,
}

impl CssProblem {
    /// Returns a sentence that says where the problem is and what to do about it.
    #[must_use]
    pub fn message(self) -> String {
        let Self {
            line,
            column,
            refusal,
        } = self;
        format!("Line {line}, column {column}: {}", refusal.advice())
    }
}

/// Returns custom CSS as it is stored: with LF line endings.
///
/// # Errors
///
/// Returns [`FieldProblem::TooManyBytes`] for more than [`CUSTOM_CSS_MAX`] bytes. Whether it is CSS is decided by the
/// server.
pub fn custom_css(text: &str) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    if text.len() > CUSTOM_CSS_MAX {
        Err(FieldProblem::TooManyBytes(CUSTOM_CSS_MAX))
    } else if text.trim().is_empty() {
        Ok(String::new())
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_css_has_at_most_64_kib() {
        assert_eq!(custom_css(" \r\n "), Ok(String::new()));
        assert_eq!(custom_css("a {\r\n}"), Ok("a {\n}".to_owned()));
        assert!(custom_css(&" a".repeat(CUSTOM_CSS_MAX / 2)).is_ok());
        // The line endings of a browser do not count twice.
        assert!(custom_css(&"a\r\n".repeat(CUSTOM_CSS_MAX / 2)).is_ok());
        assert_eq!(
            custom_css(&"é".repeat(CUSTOM_CSS_MAX / 2 + 1)),
            Err(FieldProblem::TooManyBytes(CUSTOM_CSS_MAX))
        );
    }

    #[test]
    fn the_message_says_where_and_what_to_do() {
        let problem = CssProblem {
            line: 3,
            column: 7,
            refusal: CssRefusal::Import,
        };
        assert_eq!(
            problem.message(),
            "Line 3, column 7: replace @import with the rules of that style sheet"
        );
    }

    #[test]
    fn the_advice_names_the_limit() {
        assert!(
            CssRefusal::Depth
                .advice()
                .ends_with(&CUSTOM_CSS_DEPTH.to_string())
        );
    }
}
