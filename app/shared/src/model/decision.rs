//! Decisions of moderators about what people have written, the reports that led to them, and appeals.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::trust::TrustLevel;

/// The time in which somebody can appeal against a decision.
pub const APPEALABLE: Duration = Duration::days(183);
/// The time for which a moderator can claim a case.
pub const CLAIMED: Duration = Duration::minutes(15);
/// The number of trusted reporters after whom a text of a new member waits for a moderator.
pub const HOLDING_REPORTS: u64 = 3;

crate::variants! {
    /// The ground of a report or a decision.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum Ground {
        /// Unwanted advertising.
        #[cfg_attr(feature = "server", sea_orm(string_value = "spam"))]
        Spam { name: "spam", label: "Spam" },
        /// Harassment of a person.
        #[cfg_attr(feature = "server", sea_orm(string_value = "harassment"))]
        Harassment { name: "harassment", label: "Harassment" },
        /// Illegal content.
        #[cfg_attr(feature = "server", sea_orm(string_value = "illegal"))]
        Illegal { name: "illegal", label: "Illegal content" },
        /// An infringement of copyright.
        #[cfg_attr(feature = "server", sea_orm(string_value = "copyright"))]
        Copyright { name: "copyright", label: "Copyright" },
        /// Something else that the site does not allow.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "other"))]
        Other { name: "other", label: "Something else" },
    }

    /// Returns the name in forms.
    pub const fn name(self) -> &'static str;
    /// Returns the label of the choice.
    pub const fn label(self) -> &'static str;
}

impl Ground {
    /// Returns the ground called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.name() == name)
    }
}

crate::variants! {
    /// An act of a moderator against which somebody can appeal.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "kebab-case")]
    pub enum Act {
        /// A post was hidden.
        #[cfg_attr(feature = "server", sea_orm(string_value = "hide-post"))]
        HidePost { words: "hid a post", noun: "Posts hidden" },
        /// A comment was hidden.
        #[cfg_attr(feature = "server", sea_orm(string_value = "hide-comment"))]
        HideComment { words: "hid a comment", noun: "Comments hidden" },
        /// An earlier version of a post was erased.
        #[cfg_attr(feature = "server", sea_orm(string_value = "erase-version"))]
        EraseVersion { words: "erased an earlier version of a post", noun: "Versions erased" },
        /// The person was warned.
        #[cfg_attr(feature = "server", sea_orm(string_value = "warn"))]
        Warn { words: "sent a warning", noun: "Warnings" },
        /// The account was frozen.
        #[cfg_attr(feature = "server", sea_orm(string_value = "freeze"))]
        Freeze { words: "froze the account", noun: "Accounts frozen" },
        /// The account was suspended.
        #[cfg_attr(feature = "server", sea_orm(string_value = "suspend"))]
        Suspend { words: "suspended the account", noun: "Accounts suspended" },
    }

    /// Returns the verb and the object after "A moderator".
    pub const fn words(self) -> &'static str;
    /// Returns the heading of the numbers of such acts.
    pub const fn noun(self) -> &'static str;
}

impl Act {
    /// Returns whether it is about a text, which its subject names, and not about an account.
    #[must_use]
    pub const fn is_of_text(self) -> bool {
        matches!(self, Self::HidePost | Self::HideComment | Self::EraseVersion)
    }
}

/// The numbers of what moderators have done in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthOfModeration {
    /// The month, such as `2026-12`.
    pub month: String,
    /// The number of reports.
    pub reports: i64,
    /// The number of each act that there was.
    pub acts: Vec<(Act, i64)>,
    /// The number of these decisions against which somebody has appealed.
    pub appeals: i64,
    /// The number of these decisions that were reversed.
    pub reversed: i64,
}

impl MonthOfModeration {
    /// Returns the number of this `act`.
    #[must_use]
    pub fn number_of(&self, act: Act) -> i64 {
        let of_act = self.acts.iter().filter(|(of, _)| *of == act);
        of_act.map(|(_, number)| number).sum()
    }
}

/// The target of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportTarget {
    /// The post with this id.
    Post(i64),
    /// The comment with this id.
    Comment(i64),
    /// The user with this username.
    User(String),
}

/// The facts that the form of a report shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDocument {
    /// The title of the post, the beginning of the comment, or the name of the person.
    pub subject: String,
    /// Whether the visitor has no account: only illegal content is reported then, and a receipt is mailed.
    pub is_guest: bool,
}

/// An open case in the list of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseCard {
    /// The id.
    pub id: i64,
    /// The subject.
    pub subject: CaseSubject,
    /// The number of reports.
    pub reports: u64,
    /// The grounds of the reports.
    pub grounds: Vec<Ground>,
    /// The moderator who has claimed it.
    pub claimed_by: Option<String>,
    /// The time of the first report.
    #[serde(with = "time::serde::timestamp")]
    pub opened_at: OffsetDateTime,
}

/// The target of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSubject {
    /// The target of its reports.
    pub target: ReportTarget,
    /// The title of the post, the beginning of the comment, or the name of the person.
    pub words: String,
    /// The username of the person, if they have an account.
    pub username: Option<String>,
}

/// A report in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportCard {
    /// The username of the reporter; `None` for somebody without an account.
    pub reporter: Option<String>,
    /// The ground.
    pub ground: Ground,
    /// The words of the reporter.
    pub content: String,
    /// The time.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// The record of the person whom a case concerns, for moderators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// The username.
    pub username: String,
    /// How much the site trusts the account.
    pub trust: TrustLevel,
    /// The time of the registration.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// The newest decisions about the person.
    pub decisions: Vec<DecisionCard>,
}

/// The page of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePage {
    /// The case.
    pub case: CaseCard,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Whether the viewer has claimed it.
    pub is_mine: bool,
    /// Whether the viewer may decide about it.
    pub may_act: bool,
    /// The text as sanitised HTML; empty for a person, and if its author has taken it back.
    pub html: String,
    /// The newest reports.
    pub reports: Vec<ReportCard>,
    /// The person, if they have an account.
    pub person: Option<PersonRecord>,
}

/// A decision of a moderator, as the person whom it concerns and moderators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionCard {
    /// The id.
    pub id: i64,
    /// The act.
    pub act: Act,
    /// To what, such as the title of a post.
    pub subject: String,
    /// The ground.
    pub ground: Ground,
    /// The facts, as entered by the moderator.
    pub facts: String,
    /// Until when it lasts, if it ends by itself.
    #[serde(
        default,
        with = "time::serde::timestamp::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<OffsetDateTime>,
    /// The time.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// Whether the person can still appeal.
    pub is_appealable: bool,
    /// The appeal, if there is one.
    pub appeal: Option<Appeal>,
}

/// An appeal against a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// The words of the person.
    pub content: String,
    /// The time.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// The outcome, once another moderator has decided.
    pub outcome: Option<AppealOutcome>,
}

/// The outcome of an appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealOutcome {
    /// Whether the act was reversed.
    pub is_reversed: bool,
    /// The answer to the person.
    pub answer: String,
}

/// An appeal that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingAppeal {
    /// The decision with the appeal.
    pub decision: DecisionCard,
    /// The username of the person.
    pub username: String,
    /// The name of the moderator who has decided.
    pub moderator: String,
    /// Whether the viewer may decide about it.
    pub may_decide: bool,
}
