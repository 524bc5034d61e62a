//! Forms to report something, to warn somebody, and to appeal against a decision.

use serde::{Deserialize, Serialize};

use super::{
    Email, Field, FieldErrors, FieldProblem, Form, Username,
    moderation::{ground, reason},
    number, of_length,
};
use crate::model::decision::{Ground, ReportTarget};

/// The maximum length of the words of a report in characters.
pub const REPORT_MAX: usize = 1_000;
/// The maximum length of an appeal in characters.
pub const APPEAL_MAX: usize = 600;

/// The form to report a post, a comment or a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    /// The id of the post.
    #[serde(deserialize_with = "number::optional")]
    pub post: Option<i64>,
    /// The id of the comment.
    #[serde(deserialize_with = "number::optional")]
    pub comment: Option<i64>,
    /// The username of the person.
    pub user: String,
    /// The ground.
    pub kind: String,
    /// The words of the reporter.
    pub report_content: String,
    /// The address to which a receipt is mailed, for somebody without an account.
    pub email: String,
}

/// A new report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// The target.
    pub target: ReportTarget,
    /// The ground.
    pub ground: Ground,
    /// The words of the reporter.
    pub content: String,
    /// The address of somebody without an account.
    pub email: Option<Email>,
}

impl ReportForm {
    /// Returns what is reported; a person if neither a post nor a comment is named.
    #[must_use]
    pub fn target(&self) -> ReportTarget {
        match (self.post, self.comment) {
            (Some(id), _) => ReportTarget::Post(id),
            (None, Some(id)) => ReportTarget::Comment(id),
            (None, None) => ReportTarget::User(self.user.clone()),
        }
    }
}

impl Form for ReportForm {
    type Valid = NewReport;

    fn validate(&self) -> Result<NewReport, FieldErrors> {
        let mut errors = FieldErrors::default();
        let kind = Ground::named(&self.kind).ok_or(FieldProblem::NotAChoice);
        let kind = errors.take(Field::Kind, kind);
        let text = self.report_content.replace("\r\n", "\n");
        let content = of_length(text.trim(), 1, REPORT_MAX).map(str::to_owned);
        let content = errors.take(Field::Report, content);
        let email = if self.email.trim().is_empty() {
            Some(None)
        } else {
            errors.take(Field::Email, Email::parse(&self.email)).map(Some)
        };
        match (kind, content, email) {
            (Some(ground), Some(content), Some(email)) => Ok(NewReport {
                target: self.target(),
                ground,
                content,
                email,
            }),
            _ => Err(errors),
        }
    }
}

/// The form to warn a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WarnForm {
    /// The username.
    pub username: String,
    /// The ground.
    pub ground: String,
    /// The reason.
    pub reason: String,
}

/// A warning.
#[derive(Debug, Clone)]
pub struct Warning {
    /// The username.
    pub username: Username,
    /// The ground.
    pub ground: Ground,
    /// The reason.
    pub reason: String,
}

impl Form for WarnForm {
    type Valid = Warning;

    fn validate(&self) -> Result<Warning, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let ground = errors.take(Field::Ground, ground(&self.ground));
        let reason = errors.take(Field::Reason, reason(&self.reason));
        match (username, ground, reason) {
            (Some(username), Some(ground), Some(reason)) => Ok(Warning {
                username,
                ground,
                reason,
            }),
            _ => Err(errors),
        }
    }
}

/// The form to appeal against a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealForm {
    /// The id of the decision.
    #[serde(default, deserialize_with = "number::required")]
    pub decision: i64,
    /// The words of the person.
    #[serde(default)]
    pub appeal_content: String,
}

/// A new appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppeal {
    /// The id of the decision.
    pub decision: i64,
    /// The words of the person.
    pub content: String,
}

impl Form for AppealForm {
    type Valid = NewAppeal;

    fn validate(&self) -> Result<NewAppeal, FieldErrors> {
        let text = self.appeal_content.replace("\r\n", "\n");
        let content = of_length(text.trim(), 1, APPEAL_MAX).map(str::to_owned);
        Ok(NewAppeal {
            decision: self.decision,
            content: content.map_err(|problem| FieldErrors::one(Field::Appeal, problem))?,
        })
    }
}

/// The form to decide about an appeal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideAppealForm {
    /// The id of the decision.
    #[serde(deserialize_with = "number::required")]
    pub decision: i64,
    /// Whether the act is reversed, "reverse" or "keep".
    #[serde(default)]
    pub outcome: String,
    /// The answer to the person.
    #[serde(default)]
    pub reason: String,
}

/// A decision about an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedAppeal {
    /// The id of the decision.
    pub decision: i64,
    /// Whether the act is reversed.
    pub is_reversed: bool,
    /// The answer to the person.
    pub answer: String,
}

impl DecideAppealForm {
    /// The value of the outcome with which the act is reversed.
    pub const REVERSE: &'static str = "reverse";
    /// The value of the outcome with which the act stays.
    pub const KEEP: &'static str = "keep";
}

impl Form for DecideAppealForm {
    type Valid = DecidedAppeal;

    fn validate(&self) -> Result<DecidedAppeal, FieldErrors> {
        let mut errors = FieldErrors::default();
        let outcome = match self.outcome.as_str() {
            Self::REVERSE => Ok(true),
            Self::KEEP => Ok(false),
            _ => Err(FieldProblem::NotAChoice),
        };
        let outcome = errors.take(Field::Outcome, outcome);
        let answer = errors.take(Field::Reason, reason(&self.reason));
        match (outcome, answer) {
            (Some(is_reversed), Some(answer)) => Ok(DecidedAppeal {
                decision: self.decision,
                is_reversed,
                answer,
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_what_is_wrong_and_says_why() {
        let form = ReportForm {
            post: Some(1),
            kind: "spam".to_owned(),
            report_content: " An advertisement\r\n".to_owned(),
            ..ReportForm::default()
        };
        let valid = form.validate().expect("a report");
        assert_eq!(
            (valid.target, valid.ground),
            (ReportTarget::Post(1), Ground::Spam)
        );
        assert_eq!(valid.content, "An advertisement");
        let wrong = ReportForm {
            kind: "rude".to_owned(),
            report_content: " ".to_owned(),
            email: "nobody".to_owned(),
            ..ReportForm::default()
        };
        let errors = wrong.validate().expect_err("nothing is right");
        for field in [Field::Kind, Field::Report, Field::Email] {
            assert!(errors.for_field(field).is_some(), "{field:?}");
        }
    }

    #[test]
    fn an_appeal_has_at_most_600_characters() {
        let form = |length: usize| AppealForm {
            decision: 1,
            appeal_content: "ü".repeat(length),
        };
        assert!(form(APPEAL_MAX).validate().is_ok());
        assert!(form(APPEAL_MAX + 1).validate().is_err());
        assert!(form(0).validate().is_err());
    }
}
