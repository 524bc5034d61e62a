//! The texts of others that are to be held since new members have linked to the same host.

use serde::{Deserialize, Serialize};

use super::TextId;
use crate::{
    Scope,
    jobs::{self, Lane, NewJob},
    platform::db::Transaction,
};
use shared::{error::AppError, model::trust::HoldReason};

/// The kind of the job, in the table of jobs.
pub(crate) const KIND: &str = "hold-texts";

/// The payload of the job: texts to be held, as far as they are on the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TextsToHold {
    /// The texts.
    pub texts: Vec<TextId>,
    /// The reason.
    pub reason: HoldReason,
}

/// Queues a job that holds `texts`, which belong to other people than the text that is the reason.
///
/// # Errors
///
/// Returns an error if the job cannot be queued.
pub(super) async fn queue(
    scope: &Scope,
    transaction: &Transaction,
    texts: Vec<TextId>,
) -> Result<(), AppError> {
    let payload = TextsToHold {
        texts,
        reason: HoldReason::SameHost,
    };
    let job = NewJob::new(KIND, Lane::Bulk, &payload)?;
    jobs::queue(transaction, &scope.state.clock, job).await
}
