//! The states of jobs.

use sea_orm::{DeriveActiveEnum, EnumIter};

shared::variants! {
    /// The state of a job.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")]
    pub enum JobState {
        /// It waits for its next attempt, or is being done.
        #[sea_orm(string_value = "waiting")]
        Waiting { name: "waiting", words: "waiting" },
        /// It was given up.
        #[sea_orm(string_value = "failed")]
        Failed { name: "failed", words: "given up" },
        /// It waits for an administrator, who has restored it from a backup.
        #[sea_orm(string_value = "held")]
        Held { name: "held", words: "held" },
        /// It was done.
        #[sea_orm(string_value = "done")]
        Done { name: "done", words: "done" },
    }

    /// Returns the name in the table.
    pub const fn name(self) -> &'static str;
    /// Returns the words for it.
    pub const fn words(self) -> &'static str;
}

impl JobState {
    /// Returns the state called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}
