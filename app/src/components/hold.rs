//! The words about texts that wait for a moderator.

use shared::model::trust::HoldReason;

/// Returns why a text waits, as the end of a clause.
#[must_use]
pub fn because(reason: HoldReason) -> String {
    format!(" because {}", reason.words())
}
