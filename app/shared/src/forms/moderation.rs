//! Forms to hide a post, to erase a version of one, and to suspend or freeze a user.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, FieldProblem, Form, Username, number, of_length};
use crate::model::decision::Ground;

/// The maximum length of a reason in characters.
pub const REASON_MAX: usize = 300;

/// The form to hide a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HideForm {
    /// The id of the post.
    #[serde(deserialize_with = "number::required")]
    pub post: i64,
    /// The ground.
    #[serde(default)]
    pub ground: String,
    /// The reason.
    #[serde(default)]
    pub reason: String,
}

/// A post that is to be hidden.
#[derive(Debug, Clone)]
pub struct Hiding {
    /// The id of the post.
    pub post: i64,
    /// The ground.
    pub ground: Ground,
    /// The reason.
    pub reason: String,
}

impl Form for HideForm {
    type Valid = Hiding;

    fn validate(&self) -> Result<Hiding, FieldErrors> {
        let (ground, reason) = ground_and_reason(&self.ground, &self.reason)?;
        Ok(Hiding {
            post: self.post,
            ground,
            reason,
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
    /// The ground.
    #[serde(default)]
    pub ground: String,
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
    /// The ground.
    pub ground: Ground,
    /// The reason.
    pub reason: String,
}

impl Form for EraseForm {
    type Valid = Erasure;

    fn validate(&self) -> Result<Erasure, FieldErrors> {
        let (ground, reason) = ground_and_reason(&self.ground, &self.reason)?;
        Ok(Erasure {
            post: self.post,
            number: self.number,
            ground,
            reason,
        })
    }
}

/// The form to suspend a user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuspendForm {
    /// The username.
    pub username: String,
    /// The ground.
    pub ground: String,
    /// The reason.
    pub reason: String,
}

/// A user who is to be suspended.
#[derive(Debug, Clone)]
pub struct Suspension {
    /// The username.
    pub username: Username,
    /// The ground.
    pub ground: Ground,
    /// The reason.
    pub reason: String,
}

impl Form for SuspendForm {
    type Valid = Suspension;

    fn validate(&self) -> Result<Suspension, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let ground = errors.take(Field::Ground, ground(&self.ground));
        let reason = errors.take(Field::Reason, reason(&self.reason));
        match (username, ground, reason) {
            (Some(username), Some(ground), Some(reason)) => Ok(Suspension {
                username,
                ground,
                reason,
            }),
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
    /// The ground.
    pub ground: String,
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
    /// The ground.
    pub ground: Ground,
    /// The reason.
    pub reason: String,
}

impl Form for FreezeForm {
    type Valid = NewFreeze;

    fn validate(&self) -> Result<NewFreeze, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let days = errors.take(Field::Days, number::from_1(&self.days, FREEZE_DAYS_MAX));
        let ground = errors.take(Field::Ground, ground(&self.ground));
        let reason = errors.take(Field::Reason, reason(&self.reason));
        match (username, days, ground, reason) {
            (Some(username), Some(days), Some(ground), Some(reason)) => Ok(NewFreeze {
                username,
                days,
                ground,
                reason,
            }),
            _ => Err(errors),
        }
    }
}

/// Returns the ground called `name`, or the most general one if there is no name.
pub(super) fn ground(name: &str) -> Result<Ground, FieldProblem> {
    if name.is_empty() {
        return Ok(Ground::default());
    }
    Ground::named(name).ok_or(FieldProblem::NotAChoice)
}

/// Returns the ground called `name` and the reason `text`.
pub(super) fn ground_and_reason(name: &str, text: &str) -> Result<(Ground, String), FieldErrors> {
    let mut errors = FieldErrors::default();
    let ground = errors.take(Field::Ground, ground(name));
    let reason = errors.take(Field::Reason, reason(text));
    ground.zip(reason).ok_or(errors)
}

pub(super) fn reason(text: &str) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    of_length(text, 1, REASON_MAX)?;
    Ok(text.to_owned())
}
