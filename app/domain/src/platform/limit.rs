//! Rate limits.
//!
//! A limit consists of several rates, all of which must permit a request. The later rates are slower, so that
//! repeated attempts have to wait longer, but never indefinitely. An SQLite site has a single server, which counts in
//! memory; servers that share a PostgreSQL database count there.

/// Counters in the database.
mod database;

use std::{
    convert::Infallible,
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

/// Several rates, such as `5/25s,10/5m`: five requests at once and then one every five seconds, but ten at once and
/// then one every half minute (the generic cell rate algorithm).
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

/// Returns the quota of `count` requests at once, replenished over `time`, or `None` if that is more than one per
/// nanosecond.
fn quota(count: NonZeroU32, time: Duration) -> Option<Quota> {
    Some(Quota::with_period(time / count.get())?.allow_burst(count))
}

/// The setting of a rate limit.
#[derive(Debug, Clone, Copy)]
pub struct LimitSetting {
    /// The description of the limited action.
    pub about: &'static str,
    /// The rates, unless the site has others.
    pub default: &'static str,
}

/// Declares the rate limits: the limited action, the name of the limit and its default rates.
macro_rules! limits {
    ($(#[doc = $about:literal] $name:ident: $default:literal;)+) => {
        /// One value for every rate-limited action: its setting, its rates or its limit.
        #[derive(Debug, Clone)]
        pub struct Limited<T> {
            $(#[doc = $about] pub $name: T,)+
        }

        impl Limited<LimitSetting> {
            /// The settings of all rate limits.
            pub const SETTINGS: Self = Self {
                $($name: LimitSetting { about: $about, default: $default },)+
            };
        }

        impl<T> Limited<T> {
            /// Maps the name and the value of each action.
            ///
            /// # Errors
            ///
            /// Returns the first error of `made`.
            pub fn try_map<U, E>(
                &self,
                mut made: impl FnMut(&'static str, &T) -> Result<U, E>,
            ) -> Result<Limited<U>, E> {
                Ok(Limited {
                    $($name: made(stringify!($name), &self.$name)?,)+
                })
            }
        }
    };
}

limits! {
    /// Logins from one address.
    login_address: "30/1m,200/1h";
    /// Logins to one account from browsers that have not logged in to it before.
    login_account: "5/25s,10/5m,20/20m";
    /// Registrations from one address.
    register: "10/1h,30/1d";
    /// Requests from one address for a link to choose a new password.
    recovery: "5/5m,20/1h";
    /// The same for one account; beyond this limit no email is sent, and the answer stays the same.
    recovery_account: "3/15m,10/1d";
    /// Attempts to give the current password by one person who is logged in.
    password: "5/1m,20/1h";
    /// Requests by one person for a link to confirm an email address.
    confirmation: "5/1h";
    /// Invitations by one person.
    invite: "30/1h,100/1d";
    /// Posts by one person.
    write: "20/10m,200/1d";
    /// Comments by one person, including changes of them.
    comment: "10/2m,200/1d";
    /// Reports by one person.
    report: "10/1d";
    /// Reports by somebody without an account with one email address.
    report_address: "1/1d";
    /// Reports by everybody without an account.
    report_guests: "20/1h";
    /// Profile pictures uploaded by one person.
    upload: "10/10m,50/1d";
    /// Drafts saved by one person; each pause in writing saves a draft.
    draft: "60/1m,2000/1d";
    /// Previews by one person.
    preview: "60/1m,10000/1d";
    /// Pictures for posts uploaded by one person.
    image: "40/10m,200/1d";
    /// Searches from one address.
    search: "60/1m,1000/1h";
}

impl<T> Limited<T> {
    /// Maps the name and the value of each action.
    pub fn map<U>(&self, mut made: impl FnMut(&'static str, &T) -> U) -> Limited<U> {
        let Ok(limited) = self.try_map(|name, value| Ok::<_, Infallible>(made(name, value)));
        limited
    }
}

impl Limited<Rates> {
    /// Returns rates that permit everything.
    #[must_use]
    pub fn unlimited() -> Self {
        Limited::SETTINGS.map(|_, _| Rates(Vec::new()))
    }

    /// Returns whether limits are enabled.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.map(|_, Rates(rates)| !rates.is_empty()).login_address
    }
}

/// All rate limits of the site with their counters.
pub type Limits = Limited<Limit>;

/// One rate limit, counted separately per key.
pub struct Limit {
    name: &'static str,
    rates: Vec<Rate>,
    clock: Clock,
}

/// A rate of `count` requests at once, replenished over `time`.
struct Rate {
    count: NonZeroU32,
    time: Duration,
    /// The in-memory counters of this server.
    counted: RateLimiter<Who, DashMapStateStore<Who>, Clock, NoOpMiddleware<Duration>>,
}

/// A key shared by all servers: a truncated hash, so that nobody can choose a key that collides with another one.
type Who = [u8; 16];

impl Limit {
    /// Creates the limit `name`. In-memory counters use `clock`; counters in PostgreSQL use the clock of the
    /// database.
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

    /// Counts a request of `who`.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Throttled`] with the seconds to wait if the limit is exceeded.
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

    /// Counts a request of `who` and returns whether it is permitted, for callers that must not reveal the limit.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be counted.
    pub async fn allows(&self, db: &Db, who: impl Hash) -> Result<bool, AppError> {
        match self.check(db, who).await {
            Ok(()) => Ok(true),
            Err(AppError::Throttled(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Counts in memory and returns the time to wait if the limit is exceeded.
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
    /// A `Hasher` that feeds the hashed bytes into SHA-256.
    struct Bytes(Sha256);

    impl Hasher for Bytes {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        // Not used: only the SHA-256 is.
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
    /// Returns whether limits are enabled.
    #[must_use]
    pub fn are_on(&self) -> bool {
        !self.login_address.rates.is_empty()
    }

    /// Deletes the counters that have fully recovered.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn sweep(&self, db: &Db) -> Result<u64, DbErr> {
        self.map(|_, limit| limit.forget_the_past());
        if db.is_shared() {
            database::sweep(db).await
        } else {
            Ok(0)
        }
    }
}

/// Returns the network that limits count by: an IPv6 customer usually has a whole /64.
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
