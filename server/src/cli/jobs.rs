//! The commands that list, retry, release and drop jobs.

use domain::{
    Scope,
    jobs::{
        Job, JobState,
        administration::{self, count},
    },
};
use serde_json::{Value, json};
use shared::error::AppError;

use super::plural::counted;
use super::{CommandError, confirmed, existing, shown};
use crate::config::{Config, JobsCommand};

/// Runs `command`.
///
/// # Errors
/// Returns an error if the site cannot be opened or there is no such job.
pub async fn run(config: &Config, command: JobsCommand) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    match command {
        JobsCommand::List { state, limit, json } => list(&scope, state, limit, json).await,
        JobsCommand::Retry { id: Some(id), .. } => retry(&scope, id).await,
        JobsCommand::Retry { id: None, .. } => retry_all(&scope).await,
        JobsCommand::Release => release(&scope).await,
        JobsCommand::Drop { id, yes } => drop(&scope, id, yes).await,
    }
}

async fn list(scope: &Scope, state: Option<JobState>, limit: u64, as_json: bool) -> Result<(), CommandError> {
    let jobs = administration::list(scope, state, limit).await?;
    if as_json {
        let jobs: Vec<Value> = jobs.iter().map(|job| to_json(scope, job)).collect();
        println!("{:#}", json!(jobs));
        return Ok(());
    }
    let counts = count(scope.state.db.reader()).await?;
    let in_state = |wanted| -> i64 {
        let counts = counts.iter().filter(|(_, state, _)| *state == wanted);
        counts.map(|(_, _, jobs)| jobs).sum()
    };
    let open = JobState::ALL.into_iter().filter(|state| *state != JobState::Done);
    let counts: Vec<String> = open
        .map(|state| format!("{} {}", in_state(state), state.words()))
        .collect();
    println!("{}", counts.join(", "));
    for job in &jobs {
        println!("{}", line(scope, job));
    }
    if jobs.len() as u64 == limit {
        eprintln!("There may be others. To see them, use --limit.");
    }
    Ok(())
}

async fn retry(scope: &Scope, id: i64) -> Result<(), CommandError> {
    administration::retry(scope, id)
        .await
        .map_err(|error| no_job(&format!("no job {id} was given up"), error))?;
    println!("Job {id} will be tried again, immediately if the server is running.");
    Ok(())
}

async fn retry_all(scope: &Scope) -> Result<(), CommandError> {
    match administration::retry_all(scope).await? {
        0 => println!("No jobs were given up."),
        jobs => println!(
            "{} will be tried again, immediately if the server is running.",
            counted(jobs, "job", "jobs")
        ),
    }
    Ok(())
}

async fn release(scope: &Scope) -> Result<(), CommandError> {
    match administration::release(scope).await? {
        0 => println!("No jobs are held."),
        jobs => println!(
            "{} will be done, immediately if the server is running.",
            counted(jobs, "job", "jobs")
        ),
    }
    Ok(())
}

async fn drop(scope: &Scope, id: i64, is_sure: bool) -> Result<(), CommandError> {
    let missing = |error| no_job(&format!("there is no job {id}"), error);
    let job = administration::find(scope, id).await.map_err(missing)?;
    let question = format!(
        "This permanently deletes the job {id} ({}).",
        summary(scope, &job)
    );
    if !is_sure && !confirmed(&question)? {
        return Err(CommandError::Refused(
            "nothing was deleted; use --yes to delete without asking",
        ));
    }
    administration::remove(scope, id).await.map_err(missing)?;
    println!("Job {id} has been deleted.");
    Ok(())
}

/// Returns the error for a job that was not found.
fn no_job(missing: &str, error: AppError) -> CommandError {
    match error {
        AppError::NotFound => CommandError::Wrong(missing.to_owned()),
        error => error.into(),
    }
}

/// Returns the kind of a job and what it is about.
fn summary(scope: &Scope, job: &Job) -> String {
    let handler = scope.state.jobs.handler(&job.kind);
    match (handler, &job.payload) {
        (Some(handler), Some(payload)) => format!("{} {}", job.kind, handler.summary(payload)),
        _ => job.kind.clone(),
    }
}

/// Returns a line that describes a job: its number, what it is about, and its state.
fn line(scope: &Scope, job: &Job) -> String {
    let is_leased = job.holder.is_some() && job.due_at > scope.state.clock.now();
    let fate = match (job.state, job.finished_at) {
        (JobState::Waiting, _) if is_leased => "being done".to_owned(),
        (JobState::Waiting, _) if job.attempts == 0 => "not tried yet".to_owned(),
        (JobState::Waiting, _) => format!("next try at {}", shown(job.due_at)),
        (state, Some(at)) => format!("{} at {}", state.words(), shown(at)),
        (state, None) => state.words().to_owned(),
    };
    let error = job
        .last_error
        .as_deref()
        .map_or_else(String::new, |error| format!(": {error}"));
    format!(
        "{:>6}  {}, queued {}, {}, {fate}{error}",
        job.id,
        summary(scope, job),
        shown(job.created_at),
        counted(job.attempts, "attempt", "attempts")
    )
}

/// Returns a job as JSON.
fn to_json(scope: &Scope, job: &Job) -> Value {
    json!({
        "id": job.id,
        "key": job.key,
        "kind": job.kind,
        "summary": summary(scope, job),
        "state": job.state.name(),
        "attempts": job.attempts,
        "created_at": shown(job.created_at),
        "due_at": shown(job.due_at),
        "finished_at": job.finished_at.map(shown),
        "last_error": job.last_error,
    })
}
