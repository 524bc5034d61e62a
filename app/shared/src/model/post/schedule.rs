//! The publication of a draft at a later time.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::error::AppError;

/// The publication of a draft at a later time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The time.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// The time zone in which the author has chosen it.
    pub time_zone: String,
    /// The time as a clock in that time zone shows it, such as `2026-12-24T18:00`.
    pub clock: String,
    /// Why it was not published then, and will not be before its author decides.
    pub problem: Option<ScheduleProblem>,
}

/// Why a draft was not published at its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduleProblem {
    /// The site was not running for a day or more.
    Late,
    /// The site was restored from a backup or the draft was imported, so that the post may exist already.
    Restored,
    /// The same, and the author has not been told yet.
    JustRestored,
    /// The text was refused.
    Refused(AppError),
}

impl ScheduleProblem {
    /// Returns a sentence that says why.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Late => "The site was not running at that time.".to_owned(),
            Self::Restored | Self::JustRestored => "The site was restored from a backup, or the draft was imported, so it may have been published already.".to_owned(),
            Self::Refused(AppError::Invalid(errors)) => {
                let messages: Vec<String> = errors.iter().map(|error| format!("{}.", error.message())).collect();
                messages.join(" ")
            }
            Self::Refused(error) => format!("{}.", error.title()),
        }
    }
}
