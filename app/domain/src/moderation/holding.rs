//! The job that holds texts which are on the site already.

use std::time::Duration as Timeout;

use async_trait::async_trait;
use sea_orm::{EntityTrait, QuerySelect};
use time::Duration;

use crate::{
    AppState, comments,
    jobs::{self, AttemptError, Backoff, GiveUp, Handler, Job, Outcome, Rules},
    platform::{db::Transaction, entity::post},
    policy,
    posts::state::{self, StateChange},
    trust::{HOLD_TEXTS, TextId, TextsToHold},
};
use shared::{
    error::AppError,
    model::{post::Visibility, trust::HoldReason},
};

/// The rules for the job.
const RULES: Rules = Rules {
    timeout: Timeout::from_mins(1),
    backoff: Backoff {
        first: Duration::seconds(10),
        longest: Duration::hours(1),
    },
    give_up: GiveUp::AfterAttempts(10),
};

/// Holds texts, as far as they are on the site. Those that were held by an earlier attempt stay as they are.
#[derive(Debug, Default)]
pub(crate) struct TextHolder;

#[async_trait]
impl Handler for TextHolder {
    fn kind(&self) -> &'static str {
        HOLD_TEXTS
    }

    fn rules(&self) -> Rules {
        RULES
    }

    fn summary(&self, payload: &str) -> String {
        serde_json::from_str(payload).map_or_else(
            |_| "unknown".to_owned(),
            |TextsToHold { texts, reason }| format!("{} texts because {}", texts.len(), reason.words()),
        )
    }

    async fn run(&self, state: &AppState, job: &Job) -> Result<Outcome, AttemptError> {
        let TextsToHold { texts, reason } = jobs::payload(job)?;
        for text in texts {
            // Each in a transaction of its own, which locks the rows of one author only.
            let transaction = state.db.begin().await?;
            match hold(state, &transaction, text, reason).await {
                Ok(()) => state.db.commit(transaction).await?,
                // It has been deleted meanwhile.
                Err(AppError::NotFound | AppError::CommentGone) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Outcome::Done)
    }
}

/// Holds `text` for `reason` if it is on the site.
async fn hold(
    state: &AppState,
    transaction: &Transaction,
    text: TextId,
    reason: HoldReason,
) -> Result<(), AppError> {
    match text {
        TextId::Post(id) => {
            let found: Option<(i64, Visibility)> = post::Entity::find_by_id(id)
                .select_only()
                .columns([post::Column::AuthorId, post::Column::Visibility])
                .into_tuple()
                .one(transaction)
                .await?;
            let (author, visibility) = found.ok_or(AppError::NotFound)?;
            // Moderators do not read what nobody else can read.
            if visibility != Visibility::Private {
                policy::lock_user(transaction, author).await?;
                state::change(transaction, id, StateChange::Hold(state.clock.now(), reason)).await?;
            }
        }
        TextId::Comment(id) => comments::hold(transaction, id, reason).await?,
    }
    Ok(())
}
