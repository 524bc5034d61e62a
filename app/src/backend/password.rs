//! Hashing passwords: argon2id, at most one hash per core at a time, off the threads that answer requests.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use tokio::sync::oneshot;

use crate::{error::AppError, forms::Secret};

/// Memory per hash in KiB and passes over it: the first choice of OWASP's Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// How many may wait for each core. More would wait longer than anybody stays.
const QUEUE_PER_CORE: usize = 32;

type Job = Box<dyn FnOnce() + Send>;

/// Hashes and verifies passwords within a bound on processors and memory: on threads of its own, one per core. Each hash
/// takes 19 MiB, which the allocator keeps for the thread that had it, so that few threads mean little memory.
#[derive(Debug, Clone)]
pub struct Hasher {
    jobs: SyncSender<Job>,
    dummy: Arc<str>,
}

impl Hasher {
    /// A hasher that uses at most `cores` processors at once.
    ///
    /// # Errors
    /// [`AppError::Internal`] when not even one password can be hashed.
    pub fn new(cores: usize) -> Result<Self, AppError> {
        let (jobs, waiting) = sync_channel(cores * QUEUE_PER_CORE);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..cores {
            let waiting = Arc::clone(&waiting);
            let thread = thread::Builder::new().name("password".to_owned());
            thread
                .spawn(move || while work_off(&waiting) {})
                .map_err(|error| unhashable(&error))?;
        }
        Ok(Self {
            jobs,
            dummy: hash(&Secret::from("nobody's password"))?.into(),
        })
    }

    /// The password as a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when too many wait already.
    pub async fn hash(&self, password: Secret) -> Result<String, AppError> {
        self.run(move || hash(&password)).await?
    }

    /// Whether `password` is the one in `stored`. Without a stored one the work is the same and the answer is no, so
    /// that nobody learns from the time it takes whether an account exists.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when too many wait already.
    pub async fn verify(&self, password: Secret, stored: Option<String>) -> Result<bool, AppError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.to_string());
        let same = self.run(move || verify(&password, &stored)).await??;
        Ok(same && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Whoever asked may have gone.
            let _ = done.send(work());
        });
        self.jobs.try_send(job).map_err(|_| AppError::Unreachable)?;
        result.await.map_err(|error| unhashable(&error))
    }
}

/// Does the next job, and says whether there may be another: not when every [`Hasher`] of this queue is gone.
fn work_off(waiting: &Mutex<Receiver<Job>>) -> bool {
    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
    // A job that panics is one that failed; its thread goes on.
    next.map(|job| catch_unwind(AssertUnwindSafe(job))).is_ok()
}

fn argon2() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| unhashable(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &Secret) -> Result<String, AppError> {
    let hash = argon2()?
        .hash_password(password.expose().as_bytes())
        .map_err(|error| unhashable(&error))?;
    Ok(hash.to_string())
}

fn verify(password: &Secret, stored: &str) -> Result<bool, AppError> {
    let stored = PasswordHash::new(stored).map_err(|error| unhashable(&error))?;
    Ok(argon2()?
        .verify_password(password.expose().as_bytes(), &stored)
        .is_ok())
}

fn unhashable(error: &impl std::fmt::Display) -> AppError {
    tracing::error!(%error, "argon2");
    AppError::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_password_twice_gives_different_argon2id_hashes() {
        let hasher = Hasher::new(1).expect("argon2 works");
        let one = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        let two = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        assert_ne!(one, two);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_eq!(
            hasher.verify(Secret::from("correct horse"), Some(two)).await,
            Ok(true)
        );
        assert_eq!(
            hasher.verify(Secret::from("Correct horse"), Some(one)).await,
            Ok(false)
        );
    }

    #[tokio::test]
    async fn no_password_opens_an_account_that_does_not_exist() {
        let hasher = Hasher::new(1).expect("argon2 works");
        assert_eq!(
            hasher.verify(Secret::from("nobody's password"), None).await,
            Ok(false)
        );
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let hasher = Hasher::new(1).expect("argon2 works");
        let (release, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        loop {
            let held = Arc::clone(&held);
            let job = Box::new(move || drop(held.lock().map(|held| held.recv())));
            if hasher.jobs.try_send(job).is_err() {
                break;
            }
        }
        assert_eq!(
            hasher.hash(Secret::from("correct horse")).await,
            Err(AppError::Unreachable)
        );
        drop(release);
    }

    #[tokio::test]
    async fn a_job_that_panics_fails_alone() {
        let hasher = Hasher::new(1).expect("argon2 works");
        assert_eq!(
            hasher.run(|| -> u8 { panic!("on purpose") }).await,
            Err(AppError::Internal)
        );
        assert!(hasher.hash(Secret::from("correct horse")).await.is_ok());
    }
}
