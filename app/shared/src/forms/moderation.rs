//! Hide a post, suspend an account.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, Form, Problem, Username, number, of_length};

/// A reason has at most this many characters.
pub const REASON_MAX: usize = 300;

/// What somebody typed to hide a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HideForm {
    /// The post's number.
    #[serde(deserialize_with = "number::required")]
    pub post: i64,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A post that is to be hidden.
#[derive(Debug, Clone)]
pub struct Hiding {
    /// Its number.
    pub post: i64,
    /// Why.
    pub reason: String,
}

impl Form for HideForm {
    type Valid = Hiding;

    fn validate(&self) -> Result<Hiding, FieldErrors> {
        Ok(Hiding {
            post: self.post,
            reason: reason(&self.reason).map_err(|problem| FieldErrors::one(Field::Reason, problem))?,
        })
    }
}

/// What somebody typed to suspend an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuspendForm {
    /// Whose.
    pub username: String,
    /// Why.
    pub reason: String,
}

/// An account that is to be suspended.
#[derive(Debug, Clone)]
pub struct Suspension {
    /// Whose.
    pub username: Username,
    /// Why.
    pub reason: String,
}

impl Form for SuspendForm {
    type Valid = Suspension;

    fn validate(&self) -> Result<Suspension, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let reason = errors.take(Field::Reason, reason(&self.reason));
        match (username, reason) {
            (Some(username), Some(reason)) => Ok(Suspension { username, reason }),
            _ => Err(errors),
        }
    }
}

fn reason(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    of_length(text, 1, REASON_MAX)?;
    Ok(text.to_owned())
}
