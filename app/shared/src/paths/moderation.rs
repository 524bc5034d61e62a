//! The paths of reports, cases and appeals.

use percent_encoding::utf8_percent_encode;

use super::{ACCOUNT_APPEALS, CASES, DECIDE_APPEAL, REPORT, SEGMENT, WARN};
use crate::model::decision::ReportTarget;

/// Returns the path of the page to report `target`.
#[must_use]
pub fn report(target: &ReportTarget) -> String {
    match target {
        ReportTarget::Post(id) => format!("{REPORT}?post={id}"),
        ReportTarget::Comment(id) => format!("{REPORT}?comment={id}"),
        ReportTarget::User(name) => format!("{REPORT}?user={}", utf8_percent_encode(name, SEGMENT)),
    }
}

/// Returns the path of the page of a case.
#[must_use]
pub fn case(id: i64) -> String {
    format!("{CASES}{id}")
}

/// Returns the path of the page on which a moderator decides about the appeal against a decision.
#[must_use]
pub fn decide_appeal(decision: i64) -> String {
    format!("{DECIDE_APPEAL}?decision={decision}")
}

/// Returns the path of the form of an appeal against a decision about the user.
#[must_use]
pub fn appeal(decision: i64) -> String {
    format!("{ACCOUNT_APPEALS}?decision={decision}")
}

/// Returns the path of the page to warn a user.
#[must_use]
pub fn warn(username: &str) -> String {
    format!("{WARN}?user={}", utf8_percent_encode(username, SEGMENT))
}
