//! How often somebody may do something.
//!
//! A limit has several rates, and each must allow it: the second and third are slower, so that whoever goes on waits
//! longer each time, and never for ever. An SQLite site has one server, which counts in its memory; servers that share
//! PostgreSQL count together.

/// Counts in the database.
mod database;

use std::{
    hash::{Hash, Hasher},
    net::IpAddr,
    num::NonZeroU32,
    str::FromStr,
    time::Duration,
};

use governor::{Quota, RateLimiter, middleware::NoOpMiddleware, state::keyed::DashMapStateStore};
use sea_orm::DbErr;
use sha2::{Digest, Sha256};

use super::{clock::Clock, db::Db, digest::hex};
use shared::error::AppError;

/// Several rates, such as `5/25s,10/5m`: five at once and then one each five seconds, but ten at once and then one each half
/// minute (the generic cell rate algorithm).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates(Vec<(NonZeroU32, Duration)>);

impl FromStr for Rates {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = "must be numbers and times such as 5/25s,10/5m,100/1d";
        let rate = |part: &str| {
            let (count, time) = part.trim().split_once('/')?;
            let unit = match time.chars().last()? {
                's' => 1,
                'm' => 60,
                'h' => 3_600,
                'd' => 86_400,
                _ => return None,
            };
            let number: u64 = time.get(..time.len() - 1)?.parse().ok()?;
            let seconds = number
                .checked_mul(unit)
                .filter(|seconds| (1..=31_536_000).contains(seconds))?;
            let (count, time) = (count.parse().ok()?, Duration::from_secs(seconds));
            quota(count, time).map(|_| (count, time))
        };
        let rates = text.split(',').map(rate).collect::<Option<Vec<_>>>();
        rates.map(Self).ok_or(wanted)
    }
}

/// So many at once, and as many again over `time`; none for more than one each nanosecond.
fn quota(count: NonZeroU32, time: Duration) -> Option<Quota> {
    Some(Quota::with_period(time / count.get())?.allow_burst(count))
}

impl Rates {
    /// No limit at all.
    const fn unlimited() -> Self {
        Self(Vec::new())
    }
}

/// Something for everything that has a limit: its rates, or its counts.
#[derive(Debug, Clone)]
pub struct Limited<T> {
    /// Log in, by address.
    pub login_address: T,
    /// Log in, by account.
    pub login_account: T,
    /// Register, by address.
    pub register: T,
    /// Ask for a mail that resets a password, by address.
    pub recovery: T,
    /// The same, by the account that it is for.
    pub recovery_account: T,
    /// Give the current password while signed in, by account.
    pub password: T,
    /// Ask for a mail that confirms an address, by account.
    pub confirmation: T,
    /// Publish, by account.
    pub write: T,
    /// Save a draft, by account.
    pub draft: T,
    /// See what a text will look like, by account.
    pub preview: T,
    /// Upload, by account.
    pub upload: T,
    /// Send a picture for a text, by account.
    pub image: T,
    /// Search, by address.
    pub search: T,
}

impl<T> Limited<T> {
    /// The same for what is `made` of the name and the value of each.
    pub fn map<U>(&self, made: impl Fn(&'static str, &T) -> U) -> Limited<U> {
        Limited {
            login_address: made("login_address", &self.login_address),
            login_account: made("login_account", &self.login_account),
            register: made("register", &self.register),
            recovery: made("recovery", &self.recovery),
            recovery_account: made("recovery_account", &self.recovery_account),
            password: made("password", &self.password),
            confirmation: made("confirmation", &self.confirmation),
            write: made("write", &self.write),
            draft: made("draft", &self.draft),
            preview: made("preview", &self.preview),
            upload: made("upload", &self.upload),
            image: made("image", &self.image),
            search: made("search", &self.search),
        }
    }
}

impl Limited<Rates> {
    /// No limit on anything.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self {
            login_address: Rates::unlimited(),
            login_account: Rates::unlimited(),
            register: Rates::unlimited(),
            recovery: Rates::unlimited(),
            recovery_account: Rates::unlimited(),
            password: Rates::unlimited(),
            confirmation: Rates::unlimited(),
            write: Rates::unlimited(),
            draft: Rates::unlimited(),
            preview: Rates::unlimited(),
            upload: Rates::unlimited(),
            image: Rates::unlimited(),
            search: Rates::unlimited(),
        }
    }

    /// Whether anything is limited.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.map(|_, Rates(rates)| !rates.is_empty()).login_address
    }
}

/// Every limit of the site, and how far each has been used.
pub type Limits = Limited<Limit>;

/// One limit: how often each of many may do one thing.
pub struct Limit {
    name: &'static str,
    rates: Vec<Rate>,
    clock: Clock,
}

/// So many at once, and as many again over this time.
struct Rate {
    count: NonZeroU32,
    time: Duration,
    /// What this server has counted.
    counted: RateLimiter<Who, DashMapStateStore<Who>, Clock, NoOpMiddleware<Duration>>,
}

/// Somebody, as all servers know them: the beginning of a hash that nobody can aim at somebody else.
type Who = [u8; 16];

impl Limit {
    /// The limit called `name` with these rates. This server counts by `clock`; servers that share PostgreSQL count by its clock.
    #[must_use]
    pub fn new(name: &'static str, rates: &Rates, clock: &Clock) -> Self {
        let rate = |(count, time): &(NonZeroU32, Duration)| {
            let counted = RateLimiter::dashmap_with_clock(quota(*count, *time)?, clock.clone());
            Some(Rate {
                count: *count,
                time: *time,
                counted,
            })
        };
        Self {
            name,
            rates: rates.0.iter().filter_map(rate).collect(),
            clock: clock.clone(),
        }
    }

    /// Counts once more for `who`.
    ///
    /// # Errors
    /// [`AppError::Throttled`] with the seconds to wait.
    pub async fn check(&self, db: &Db, who: impl Hash) -> Result<(), AppError> {
        let who = hashed(who);
        for (number, rate) in self.rates.iter().enumerate() {
            let wait = if db.is_shared() {
                let name = format!("{}-{number}-{}", self.name, hex(&who));
                database::count(db, &name, rate.count, rate.time).await?
            } else {
                self.count(rate, who)
            };
            if let Some(wait) = wait {
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
                return Err(AppError::Throttled(seconds.saturating_add(1)));
            }
        }
        Ok(())
    }

    /// The same, for whoever is not to learn of it.
    ///
    /// # Errors
    /// When it cannot be counted.
    pub async fn allows(&self, db: &Db, who: impl Hash) -> Result<bool, AppError> {
        match self.check(db, who).await {
            Ok(()) => Ok(true),
            Err(AppError::Throttled(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Counts in memory; the time to wait when it is too much.
    fn count(&self, rate: &Rate, who: Who) -> Option<Duration> {
        let refused = rate.counted.check_key(&who).err()?;
        Some(refused.wait_time_from(self.clock.elapsed()))
    }

    fn forget_the_past(&self) {
        for rate in &self.rates {
            rate.counted.retain_recent();
            rate.counted.shrink_to_fit();
        }
    }
}

fn hashed(who: impl Hash) -> Who {
    /// The bytes of what is hashed.
    struct Bytes(Sha256);

    impl Hasher for Bytes {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        // Nobody asks for it: the bytes are what is wanted.
        fn finish(&self) -> u64 {
            0
        }
    }

    let mut bytes = Bytes(Sha256::new());
    who.hash(&mut bytes);
    let hash: [u8; 32] = bytes.0.finalize().into();
    let mut who = Who::default();
    for (byte, hashed) in who.iter_mut().zip(hash) {
        *byte = hashed;
    }
    who
}

impl Limits {
    /// Forgets whoever has waited long enough, so that only the recent past is kept.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn sweep(&self, db: &Db) -> Result<u64, DbErr> {
        self.map(|_, limit| limit.forget_the_past());
        if db.is_shared() {
            database::sweep(db).await
        } else {
            Ok(0)
        }
    }
}

/// An address as limits count it: one IPv6 customer has at least a whole /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_numbers_and_times() {
        assert!("5/25s,10/5m, 3/1h,1/1d".parse::<Rates>().is_ok());
        for bad in [
            "",
            "5",
            "5/",
            "/5s",
            "0/5s",
            "5/0s",
            "5/5",
            "5/5w",
            "5/5s,",
            "a/5s",
            "5/99999999999999999999d",
            "5/5é",
            "4000000000/1s",
        ] {
            assert!(bad.parse::<Rates>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_ipv6_customer_counts_once() {
        let address = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }
}
