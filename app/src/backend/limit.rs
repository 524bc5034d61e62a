//! How often somebody may do something.
//!
//! A limit has several rates, and each must allow it: the second and third are slower, so that whoever goes on waits
//! longer each time, and never for ever. Counts are kept in memory, one set per server.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    str::FromStr,
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::error::AppError;

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
    /// The same for `made` of each.
    pub fn map<U>(&self, made: impl Fn(&T) -> U) -> Limited<U> {
        Limited {
            login_address: made(&self.login_address),
            login_account: made(&self.login_account),
            register: made(&self.register),
            recovery: made(&self.recovery),
            recovery_account: made(&self.recovery_account),
            password: made(&self.password),
            confirmation: made(&self.confirmation),
            write: made(&self.write),
            draft: made(&self.draft),
            preview: made(&self.preview),
            upload: made(&self.upload),
            image: made(&self.image),
            search: made(&self.search),
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
        self.map(|Rates(rates)| !rates.is_empty()).login_address
    }
}

/// Every limit of the site, and how far each has been used.
pub type Limits = Limited<Limit>;

/// One limit: how often each of many may do one thing.
pub struct Limit {
    rates: Vec<DefaultKeyedRateLimiter<u64>>,
    hasher: RandomState,
    clock: DefaultClock,
}

impl Limit {
    /// A limit with these rates.
    #[must_use]
    pub fn new(rates: &Rates) -> Self {
        Self {
            rates: rates
                .0
                .iter()
                .filter_map(|(count, time)| quota(*count, *time))
                .map(RateLimiter::keyed)
                .collect(),
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts once more for `who`.
    ///
    /// # Errors
    /// [`AppError::Throttled`] with the seconds to wait.
    pub fn check(&self, who: impl Hash) -> Result<(), AppError> {
        let key = self.hasher.hash_one(who);
        for rate in &self.rates {
            if let Err(refused) = rate.check_key(&key) {
                let wait = refused.wait_time_from(self.clock.now());
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
                return Err(AppError::Throttled(seconds.saturating_add(1)));
            }
        }
        Ok(())
    }

    fn forget_the_past(&self) {
        for rate in &self.rates {
            rate.retain_recent();
            rate.shrink_to_fit();
        }
    }
}

impl Limits {
    /// Forgets whoever has waited long enough, so that memory holds only the recent past.
    pub fn sweep(&self) {
        self.map(Limit::forget_the_past);
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

    fn limit(rates: &str) -> Limit {
        Limit::new(&rates.parse().expect("rates"))
    }

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
    fn each_has_a_count_of_their_own() {
        let limit = limit("2/1h");
        assert!(limit.check("ada").is_ok() && limit.check("ada").is_ok());
        assert!(matches!(limit.check("ada"), Err(AppError::Throttled(1..=1_801))));
        assert!(limit.check("grace").is_ok());
    }

    #[test]
    fn whoever_goes_on_waits_longer_and_never_for_ever() {
        let limit = limit("1/1s,2/1h");
        let waits: Vec<u32> = (0..4)
            .filter_map(|_| {
                let answer = limit.check("ada");
                std::thread::sleep(Duration::from_millis(1_010));
                match answer {
                    Err(AppError::Throttled(seconds)) => Some(seconds),
                    _ => None,
                }
            })
            .collect();
        assert_eq!(waits.len(), 2, "{waits:?}");
        assert!(waits.iter().all(|seconds| *seconds > 1_000), "{waits:?}");
    }

    #[test]
    fn without_rates_nothing_is_limited() {
        let limit = Limit::new(&Rates::unlimited());
        assert!((0..10_000).all(|_| limit.check("ada").is_ok()));
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
