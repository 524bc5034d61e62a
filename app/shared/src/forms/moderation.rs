//! Forms to hide a post, to erase a version of one, and to suspend or freeze a user.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, FieldProblem, Form, Username, number, of_length};

/// The maximum length of a reason in characters.
pub const REASON_MAX: usize = 300;

/// The form to hide a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HideForm {
    /// The id of the post.
    #[serde(deserialize_with = "number::required")]
    pub post: i64,
    /// The reason.
    #[serde(default)]
    pub reason: String,
}

/// A post that is to be hidden.
#[derive(Debug, Clone)]
pub struct Hiding {
    /// The id of the post.
    pub post: i64,
    /// The reason.
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

/// The form to erase an earlier version of a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseForm {
    /// The id of the post.
    #[serde(deserialize_with = "number::required")]
    pub post: i64,
    /// The number of the version.
    #[serde(deserialize_with = "number::required")]
    pub number: i64,
    /// The reason.
    #[serde(default)]
    pub reason: String,
}

/// A version of a post that is to be erased.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// The id of the post.
    pub post: i64,
    /// The number of the version.
    pub number: i64,
    /// The reason.
    pub reason: String,
}

impl Form for EraseForm {
    type Valid = Erasure;

    fn validate(&self) -> Result<Erasure, FieldErrors> {
        Ok(Erasure {
            post: self.post,
            number: self.number,
            reason: reason(&self.reason).map_err(|problem| FieldErrors::one(Field::Reason, problem))?,
        })
    }
}

/// The form to suspend a user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuspendForm {
    /// The username.
    pub username: String,
    /// The reason.
    pub reason: String,
}

/// A user who is to be suspended.
#[derive(Debug, Clone)]
pub struct Suspension {
    /// The username.
    pub username: Username,
    /// The reason.
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

/// The maximum number of days for which an account can be frozen.
pub const FREEZE_DAYS_MAX: u32 = 90;
/// The number of days in the form when it is opened.
pub const FREEZE_DAYS: u32 = 7;

/// The form to freeze an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FreezeForm {
    /// The username.
    pub username: String,
    /// The number of days.
    pub days: String,
    /// The reason.
    pub reason: String,
}

/// An account that is to be frozen.
#[derive(Debug, Clone)]
pub struct NewFreeze {
    /// The username.
    pub username: Username,
    /// The number of days.
    pub days: u32,
    /// The reason.
    pub reason: String,
}

impl Form for FreezeForm {
    type Valid = NewFreeze;

    fn validate(&self) -> Result<NewFreeze, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let days = errors.take(Field::Days, number::from_1(&self.days, FREEZE_DAYS_MAX));
        let reason = errors.take(Field::Reason, reason(&self.reason));
        match (username, days, reason) {
            (Some(username), Some(days), Some(reason)) => Ok(NewFreeze {
                username,
                days,
                reason,
            }),
            _ => Err(errors),
        }
    }
}

pub(super) fn reason(text: &str) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    of_length(text, 1, REASON_MAX)?;
    Ok(text.to_owned())
}
