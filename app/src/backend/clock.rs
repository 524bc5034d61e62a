//! What time it is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration as Elapsed, Instant},
};

use time::{Duration, OffsetDateTime};

/// The only source of time, in UTC and whole seconds: dates are then the same in both databases, and as text in SQLite
/// they sort as they should.
#[derive(Debug, Clone)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
    started: Instant,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            ahead: Arc::default(),
            started: Instant::now(),
        }
    }
}

impl Clock {
    /// This moment.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's clock is read"
    )]
    pub fn now(&self) -> OffsetDateTime {
        let now = OffsetDateTime::now_utc() + Duration::seconds(self.ahead.load(Ordering::Relaxed));
        now.replace_nanosecond(0).unwrap_or(now)
    }

    /// Returns how long this clock has been running. It grows evenly, also when the system's clock is set to another time.
    #[must_use]
    pub fn elapsed(&self) -> Elapsed {
        let ahead = u64::try_from(self.ahead.load(Ordering::Relaxed)).unwrap_or(0);
        self.started.elapsed() + Elapsed::from_secs(ahead)
    }

    /// Moves this clock, and all its clones, for tests of what expires.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.whole_seconds(), Ordering::Relaxed);
    }
}

/// The clock of limits that one server counts.
impl governor::clock::Clock for Clock {
    type Instant = Elapsed;

    fn now(&self) -> Elapsed {
        self.elapsed()
    }
}
