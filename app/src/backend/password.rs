//! Hashing passwords: argon2id, at most one hash per core at a time, off the threads that answer requests.

use std::{collections::HashSet, sync::LazyLock};

use super::workers::Workers;
use crate::{
    components::title::SITE,
    error::AppError,
    forms::{Email, Secret, Username},
};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};

/// Memory per hash in KiB and passes over it: the first choice of OWASP's Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// How many may wait: some seconds' work for one core. More would wait longer than anybody stays.
const QUEUE: usize = 128;

/// The passwords of eight characters and more that people have had most often, as leaked lists show (collected by Royce
/// Williams, as Django ships them), in lower case, one a line.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("password/common.txt").lines().collect());

/// Whether others would guess `password` first: it is one of the most common ones, or says whose it is (NIST SP 800-63B,
/// 3.1.1.2).
#[must_use]
pub fn is_common(password: &Secret, username: &Username, email: &Email) -> bool {
    let password = password.expose().to_lowercase();
    let own = [username.key(), email.key(), SITE.to_lowercase()];
    COMMON.contains(password.as_str()) || own.contains(&password)
}

/// Hashes and verifies passwords within a bound on processors and memory: on threads of its own, one per core. Each hash
/// takes 19 MiB, which the allocator keeps for the thread that had it, so that few threads mean little memory.
#[derive(Debug, Clone)]
pub struct Hasher {
    workers: Workers,
}

impl Hasher {
    /// How many passwords are to be hashed.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.workers.waiting()
    }

    /// A hasher that uses at most `cores` processors at once.
    ///
    /// # Errors
    /// [`AppError::Internal`] when there can be no thread.
    pub fn new(cores: usize) -> Result<Self, AppError> {
        Ok(Self {
            workers: Workers::new("password", cores, QUEUE)?,
        })
    }

    /// The password as a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when too many wait already.
    pub async fn hash(&self, password: Secret) -> Result<String, AppError> {
        self.run(move || hash(&password)).await
    }

    /// Whether `password` is the one in `stored`. Without a stored one the work is the same and the answer is no, so
    /// that nobody learns from the time it takes whether an account exists.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when too many wait already.
    pub async fn verify(&self, password: Secret, stored: Option<String>) -> Result<bool, AppError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(nobodys);
        let same = self.run(move || verify(&password, &stored)).await?;
        Ok(same && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.workers.run(work).await?.unwrap_or(Err(AppError::Internal))
    }
}

fn argon2() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| unhashable(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What costs as much to verify as anybody's hash. It is none itself: a hash made at each start would take its 19 MiB there.
fn nobodys() -> String {
    format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$c2FsdCBvZiBub2JvZHkncw$aGFzaCB0aGF0IG5vIHBhc3N3b3JkIGxlYWRzIHRvLi4"
    )
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

/// Whether `stored` was made with less work than hashes are today.
#[must_use]
pub fn is_outdated(stored: &str) -> bool {
    let params = PasswordHash::new(stored)
        .ok()
        .and_then(|hash| Params::try_from(&hash).ok());
    params.is_none_or(|params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
}

fn unhashable(error: &impl std::fmt::Display) -> AppError {
    tracing::error!(%error, "argon2");
    AppError::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    // AUT-02
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
        // The work is that for a real hash: everything is the same but the characters of salt and hash.
        let real = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        let shape = |hash: &str| hash.split('$').map(str::len).collect::<Vec<_>>();
        assert_eq!(shape(&nobodys()), shape(&real));
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(&nobodys()), parameters(&real));
        assert!(PasswordHash::new(&nobodys()).is_ok());
    }

    #[tokio::test]
    async fn a_hash_of_older_parameters_is_seen_to_be_weaker() {
        let hasher = Hasher::new(1).expect("argon2 works");
        let now = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        assert!(!is_outdated(&now) && !is_outdated(&nobodys()));
        assert!(is_outdated(&now.replace("m=19456", "m=4096")));
        assert!(is_outdated(&now.replace("t=2", "t=1")));
    }

    #[test]
    fn common_passwords_and_ones_own_name_are_guessed_first() {
        let username = Username::parse("ada-lovelace").expect("a name");
        let email = Email::parse("ada@example.org").expect("an address");
        let common = |password: &str| is_common(&Secret::from(password), &username, &email);
        for bad in [
            "password1",
            "PASSWORD1",
            "qwertyuiop",
            "Ada-Lovelace",
            "ada@example.org",
            "Broadsheet",
        ] {
            assert!(common(bad), "{bad}");
        }
        assert!(!common("correct horse battery staple"));
        assert!(
            COMMON
                .iter()
                .all(|it| it.chars().count() >= 8 && *it == it.to_lowercase())
        );
    }
}
