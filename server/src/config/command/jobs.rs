//! The commands about jobs.

use clap::Subcommand;
use domain::jobs::JobState;

use crate::config::parse;

/// The number of jobs in a list, unless the command says how many.
const LISTED_JOBS: u64 = 1_000;

/// A command about jobs, each named by its number.
#[derive(Debug, Clone, Subcommand)]
pub enum JobsCommand {
    /// List the jobs that are not done, with their attempts and last errors
    List {
        /// List only jobs in this state: `waiting`, `failed`, `held` or `done`
        #[arg(long, value_parser = parse::job_state)]
        state: Option<JobState>,
        /// Maximum number of jobs to show
        #[arg(long, default_value_t = LISTED_JOBS, value_parser = clap::value_parser!(u64).range(1..=100_000))]
        limit: u64,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Try again to do a job that was given up, or all of them
    Retry {
        /// Job number
        #[arg(required_unless_present = "all")]
        id: Option<i64>,
        /// Retry every job that was given up
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
    /// Do all jobs that are held since the site was restored from a backup
    Release,
    /// Delete a job, whether it was done or not
    Drop {
        /// Job number
        id: i64,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

impl Default for JobsCommand {
    fn default() -> Self {
        Self::List {
            state: None,
            limit: LISTED_JOBS,
            json: false,
        }
    }
}
