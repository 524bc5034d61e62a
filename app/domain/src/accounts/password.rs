//! Password hashing with argon2id, at most one hash per core at a time, outside the threads that answer requests.
//!
//! Depending on the system, an accented letter arrives as one code point (NFC) or as two (NFD), which look the same.
//! New hashes are made of the NFC form. Older ones were made of the password as typed, so both forms are tried if
//! they differ, whether or not the account exists.

use std::{
    collections::HashSet,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::platform::workers::Workers;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, RECOMMENDED_SALT_LEN, Version,
    password_hash::phc::PasswordHash,
};
use shared::{
    error::AppError,
    forms::{Email, Secret, Username},
    model::site::SOFTWARE,
};
use unicode_normalization::UnicodeNormalization;

/// The maximum cost of an imported hash: four times the recommended one. More expensive ones are never computed, because
/// they could be used to keep other users from logging in.
const COST_MAX: u64 = 4 * HashingCost::RECOMMENDED.product() as u64;
/// The maximum parallelism (number of lanes) of a stored hash.
const LANES_MAX: u32 = 16;
/// The maximum length of a stored hash in characters; our own have 97.
const STORED_MAX: usize = 256;
/// The parameters that a stored hash may have. Others, such as a key id, refer to data that we do not have.
const PARAMETERS: &[&str] = &["m", "t", "p"];
/// The minimum length of the hash output in bytes: shorter outputs make collisions feasible.
const OUTPUT_MIN: usize = 16;
/// The maximum number of waiting hashes: a few seconds of work for one core.
const QUEUE: usize = 128;

/// The most common passwords of at least eight characters according to leaked lists (collected by Royce Williams, as
/// distributed with Django), in lower case, one per line.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("password/common.txt").lines().collect());

/// Returns whether `password` is easy to guess: it is one of the most common passwords, or equals the name of the
/// `site` or of the software, the username or the address (NIST SP 800-63B, 3.1.1.2).
#[must_use]
pub fn is_common(site: &str, password: &Secret, username: Option<&Username>, email: Option<&Email>) -> bool {
    let password = composed(password).expose().to_lowercase();
    COMMON.contains(password.as_str())
        || password == SOFTWARE.to_lowercase()
        || password == site.to_lowercase()
        || username.is_some_and(|username| username.key() == password)
        || email.is_some_and(|email| email.key() == password)
}

/// Returns `password` in NFC (Unicode Standard Annex 15), the form that is hashed.
#[must_use]
pub fn composed(password: &Secret) -> Secret {
    let text: String = password.expose().nfc().collect();
    Secret::from(text.as_str())
}

/// The cost of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashingCost {
    /// The memory in KiB.
    memory_kib: u32,
    /// The number of passes.
    passes: u32,
}

impl HashingCost {
    /// The first choice of OWASP's Password Storage Cheat Sheet.
    pub const RECOMMENDED: Self = Self {
        memory_kib: 19_456,
        passes: 2,
    };
    /// The least that argon2 allows, for tests of something else.
    pub const LEAST: Self = Self {
        memory_kib: Params::MIN_M_COST,
        passes: Params::MIN_T_COST,
    };

    /// Returns the memory times the passes, to which the time of a hash is proportional.
    const fn product(self) -> u32 {
        self.memory_kib * self.passes
    }
}

/// The result of comparing a password with a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The hash does not match.
    Different,
    /// The hash matches the NFC form of the password.
    Same,
    /// The hash matches the password as typed, the form that older hashes were made of.
    SameAsTyped,
}

/// Hashes and verifies passwords on a fixed number of dedicated threads, which bounds the use of processors and
/// memory. Each hash takes 19 MiB, which the allocator keeps per thread.
#[derive(Debug, Clone)]
pub struct Hasher {
    cost: HashingCost,
    workers: Workers,
    computed: Arc<AtomicU64>,
}

impl Hasher {
    /// Returns the number of passwords that wait to be hashed.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.workers.waiting()
    }

    /// Returns the number of hashes computed so far.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Creates a hasher that makes hashes of this `cost` and uses at most `cores` processors at once.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Internal`] if a thread cannot be started.
    pub fn new(cost: HashingCost, cores: usize) -> Result<Self, AppError> {
        Ok(Self {
            cost,
            workers: Workers::new("password", cores, QUEUE)?,
            computed: Arc::default(),
        })
    }

    /// Hashes the password with a random salt and returns the PHC string.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if too many hashes are waiting.
    pub async fn hash(&self, password: Secret) -> Result<String, AppError> {
        let cost = self.cost;
        self.run(move |count| {
            count();
            hash(cost, &composed(&password))
        })
        .await
    }

    /// Compares `password` with `stored`. If `stored` is `None` or not [`is_verifiable`], the same work is done and
    /// the result is [`Comparison::Different`], so that the time does not reveal whether an account exists.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if too many hashes are waiting.
    pub async fn verify(&self, password: Secret, stored: Option<String>) -> Result<Comparison, AppError> {
        let cost = self.cost;
        self.run(move |count| {
            let is_stored = |password: &Secret| {
                count();
                verify(cost, password, stored.as_deref())
            };
            let composed = composed(&password);
            let is_composed = is_stored(&composed)?;
            // The amount of work depends on the password alone, not on the stored hash.
            let is_as_typed = composed != password && is_stored(&password)?;
            Ok(match (is_composed, is_as_typed) {
                (true, _) => Comparison::Same,
                (false, true) => Comparison::SameAsTyped,
                (false, false) => Comparison::Different,
            })
        })
        .await
    }

    /// Returns whether `stored` was made with other parameters than those of new hashes.
    #[must_use]
    pub fn is_outdated(&self, stored: &str) -> bool {
        parse(stored).is_none_or(|(hash, params)| {
            let ours = (self.cost.memory_kib, self.cost.passes, 1);
            hash.algorithm.as_str() != Algorithm::Argon2id.as_str()
                || hash.version != Some(Version::V0x13.into())
                || (params.m_cost(), params.t_cost(), params.p_cost()) != ours
        })
    }

    /// Runs `work` on a worker thread. Its argument is called once per computed hash.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn()) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let computed = Arc::clone(&self.computed);
        let count = move || {
            computed.fetch_add(1, Ordering::Relaxed);
        };
        let done = self.workers.run(move || work(&count)).await?;
        done.unwrap_or(Err(AppError::Internal))
    }
}

fn argon2(cost: HashingCost) -> Result<Argon2<'static>, AppError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|error| unhashable(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(cost: HashingCost, password: &Secret) -> Result<String, AppError> {
    let hash = argon2(cost)?
        .hash_password(password.expose().as_bytes())
        .map_err(|error| unhashable(&error))?;
    Ok(hash.to_string())
}

fn verify(cost: HashingCost, password: &Secret, stored: Option<&str>) -> Result<bool, AppError> {
    let mut missing = cost.product();
    if let Some((stored, params)) = stored.and_then(parse) {
        if argon2(cost)?
            .verify_password(password.expose().as_bytes(), &stored)
            .is_ok()
        {
            return Ok(true);
        }
        missing = missing.saturating_sub(params.m_cost().saturating_mul(params.t_cost()));
    }
    spend(cost, password, missing)?;
    Ok(false)
}

/// Computes and discards hashes of the `missing` cost, with the memory of `cost`, so that a failed login takes as long as one against a current
/// hash.
fn spend(cost: HashingCost, password: &Secret, missing: u32) -> Result<(), AppError> {
    let passes = missing.div_ceil(cost.memory_kib);
    if passes == 0 {
        return Ok(());
    }
    let memory = (missing / passes).max(Params::MIN_M_COST);
    let params = Params::new(memory, passes, 1, None).map_err(|error| unhashable(&error))?;
    let mut wasted = [0; Params::DEFAULT_OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(
            password.expose().as_bytes(),
            &[0; RECOMMENDED_SALT_LEN],
            &mut wasted,
        )
        .map_err(|error| unhashable(&error))
}

/// Parses a stored hash and its parameters. Returns `None` if passwords are not checked against it.
fn parse(stored: &str) -> Option<(PasswordHash, Params)> {
    if stored.len() > STORED_MAX {
        return None;
    }
    let hash = PasswordHash::new(stored).ok()?;
    Algorithm::new(hash.algorithm.as_str()).ok()?;
    if let Some(version) = hash.version {
        Version::try_from(version).ok()?;
    }
    if hash
        .params
        .iter()
        .any(|(name, _)| !PARAMETERS.contains(&name.as_str()))
    {
        return None;
    }
    let params = Params::try_from(&hash).ok()?;
    let cost = u64::from(params.m_cost()) * u64::from(params.t_cost());
    let is_whole = hash.salt.is_some() && hash.hash.is_some_and(|output| output.len() >= OUTPUT_MIN);
    (is_whole && cost <= COST_MAX && params.p_cost() <= LANES_MAX).then_some((hash, params))
}

/// Returns whether passwords are checked against `stored`: it is complete, of a supported algorithm and not too
/// expensive. Users with any other hash have to reset their password by mail before they can log in.
#[must_use]
pub fn is_verifiable(stored: &str) -> bool {
    parse(stored).is_some()
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
        let hasher = Hasher::new(HashingCost::RECOMMENDED, 1).expect("argon2 works");
        let one = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        let two = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        assert_ne!(one, two);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_eq!(
            hasher.verify(Secret::from("correct horse"), Some(two)).await,
            Ok(Comparison::Same)
        );
        assert_eq!(
            hasher.verify(Secret::from("Correct horse"), Some(one)).await,
            Ok(Comparison::Different)
        );
    }

    // AUT-01
    #[tokio::test]
    async fn both_forms_of_an_accented_letter_are_one_password() {
        let hasher = Hasher::new(HashingCost::RECOMMENDED, 1).expect("argon2 works");
        let (composed, decomposed) = (
            "Gr\u{fc}\u{df}e vom Bj\u{f6}rn",
            "Gru\u{308}\u{df}e vom Bjo\u{308}rn",
        );
        for chosen in [composed, decomposed] {
            let stored = hasher.hash(Secret::from(chosen)).await.expect("hashed");
            for typed in [composed, decomposed] {
                assert_eq!(
                    hasher.verify(Secret::from(typed), Some(stored.clone())).await,
                    Ok(Comparison::Same)
                );
            }
            assert_eq!(
                hasher
                    .verify(Secret::from("Grusse vom Bjorn"), Some(stored))
                    .await,
                Ok(Comparison::Different)
            );
        }
        // The form that older hashes were made of.
        let stored = hash(HashingCost::RECOMMENDED, &Secret::from(decomposed)).expect("hashed");
        assert_eq!(
            hasher.verify(Secret::from(decomposed), Some(stored)).await,
            Ok(Comparison::SameAsTyped)
        );
    }

    // AUT-04
    #[tokio::test]
    async fn the_work_depends_on_the_password_and_not_on_the_account() {
        let hasher = Hasher::new(HashingCost::RECOMMENDED, 1).expect("argon2 works");
        let known = hasher
            .hash(Secret::from("na\u{ef}ve horse"))
            .await
            .expect("hashed");
        for (typed, hashes) in [
            ("na\u{ef}ve horse", 1),
            ("wrong h\u{f6}rse", 1),
            ("nai\u{308}ve horse", 2),
            ("wrong ho\u{308}rse", 2),
            // Characters that are changed by NFC even when they stand alone.
            ("wrong horse of 5 \u{212b}", 2),
        ] {
            for stored in [Some(known.clone()), None, Some("nonsense".to_owned())] {
                let before = hasher.computed();
                hasher
                    .verify(Secret::from(typed), stored.clone())
                    .await
                    .expect("compared");
                assert_eq!(hasher.computed() - before, hashes, "{typed} {stored:?}");
            }
        }
    }

    #[tokio::test]
    async fn no_password_opens_an_account_that_does_not_exist() {
        let hasher = Hasher::new(HashingCost::RECOMMENDED, 1).expect("argon2 works");
        assert_eq!(
            hasher.verify(Secret::from("nobody's password"), None).await,
            Ok(Comparison::Different)
        );
    }

    /// Returns a hash in the format of our own, with other parameters.
    fn stored(parameters: &str) -> String {
        format!(
            "$argon2id$v=19${parameters}$c2FsdCBvZiBub2JvZHkncw$aGFzaCB0aGF0IG5vIHBhc3N3b3JkIGxlYWRzIHRvLi4"
        )
    }

    #[test]
    fn a_hash_that_costs_over_four_times_ours_or_is_of_another_kind_is_never_checked() {
        let hasher = Hasher::new(HashingCost::RECOMMENDED, 1).expect("argon2 works");
        for good in [
            "m=19456,t=2,p=1",
            "m=8,t=1,p=1",
            "m=77824,t=2,p=4",
            "m=9728,t=16,p=16",
            "m=155648,t=1,p=1",
        ] {
            assert!(is_verifiable(&stored(good)), "{good}");
        }
        for bad in [
            "m=1048576,t=40,p=1",
            "m=77825,t=2,p=1",
            "m=8,t=19457,p=1",
            "m=8,t=4294967295,p=1",
            "m=4294967295,t=4294967295,p=1",
            "m=19456,t=2,p=17",
            "m=19456,t=2,p=16777215",
            "m=7,t=1,p=1",
            "m=19456,t=0,p=1",
            "m=19456,t=2,p=0",
            "m=-1,t=2,p=1",
            "m=99999999999,t=2,p=1",
            "m=19456,t=2,p=1,data=c2VjcmV0",
            "m=19456,t=2,p=1,keyid=Hj5+dsK0",
        ] {
            assert!(!is_verifiable(&stored(bad)), "{bad}");
        }
        let ours = stored("m=19456,t=2,p=1");
        let salt = "c2FsdCBvZiBub2JvZHkncw";
        let output = "aGFzaCB0aGF0IG5vIHBhc3N3b3JkIGxlYWRzIHRvLi4";
        for bad in [
            String::new(),
            "x".to_owned(),
            "$".repeat(300),
            "$2y$10$abcdefghijklmnopqrstuv0123456789012345678901234567890".to_owned(),
            "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"
                .to_owned(),
            ours.replace("argon2id", "argon2x"),
            ours.replace("v=19", "v=20"),
            ours.replace(salt, "c2FsdA"),
            ours.replace(salt, &"c2FsdCBv".repeat(12)),
            ours.replace(output, "aGFzaCB0aGF0"),
            ours.replace(output, &output.repeat(3)),
            ours.replace(&format!("${output}"), ""),
            format!("{ours}$x"),
        ] {
            assert!(!is_verifiable(&bad), "{bad}");
            assert!(hasher.is_outdated(&bad));
        }
        for (m, t) in [(1_048_576, 40), (8, u32::MAX)] {
            // Computing it would take hours.
            let costly = stored(&format!("m={m},t={t},p=1"));
            let compared = verify(
                HashingCost::RECOMMENDED,
                &Secret::from("a password"),
                Some(&costly),
            );
            assert_eq!(compared, Ok(false));
        }
    }

    #[tokio::test]
    async fn a_hash_of_other_parameters_is_seen_not_to_be_ours() {
        let hasher = Hasher::new(HashingCost::RECOMMENDED, 1).expect("argon2 works");
        let now = hasher.hash(Secret::from("correct horse")).await.expect("hashed");
        assert!(!hasher.is_outdated(&now));
        for other in [
            now.replace("m=19456", "m=4096"),
            now.replace("m=19456", "m=38912"),
            now.replace("t=2", "t=1"),
            now.replace("argon2id", "argon2i"),
            now.replace("v=19", "v=16"),
        ] {
            assert!(is_verifiable(&other) && hasher.is_outdated(&other), "{other}");
        }
    }

    #[test]
    fn common_passwords_and_ones_own_name_are_guessed_first() {
        let username = Username::parse("ada-lovelace").expect("a name");
        let email = Email::parse("ada@example.org").expect("an address");
        let common = |password: &str| {
            is_common(
                "The Daily Crumb",
                &Secret::from(password),
                Some(&username),
                Some(&email),
            )
        };
        for bad in [
            "password1",
            "PASSWORD1",
            "qwertyuiop",
            "Ada-Lovelace",
            "ada@example.org",
            "Broadsheet",
            "the daily crumb",
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
