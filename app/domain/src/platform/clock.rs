//! The clock.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration as Elapsed, Instant},
};

use time::{Duration, OffsetDateTime};

/// The only source of time, in UTC and whole seconds, so that timestamps are equal in both databases and sort
/// correctly as text in SQLite.
#[derive(Debug, Clone)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
    started: Instant,
    stopped: Arc<OnceLock<(OffsetDateTime, Elapsed)>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            ahead: Arc::default(),
            started: Instant::now(),
            stopped: Arc::default(),
        }
    }
}

impl Clock {
    /// Returns the current time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let now = self.stopped.get().map_or_else(system_time, |(now, _)| *now);
        now + Duration::seconds(self.ahead.load(Ordering::Relaxed))
    }

    /// Returns how long this clock has been running. It is monotonic, unaffected by changes of the system clock.
    #[must_use]
    pub fn elapsed(&self) -> Elapsed {
        let ahead = u64::try_from(self.ahead.load(Ordering::Relaxed)).unwrap_or(0);
        let elapsed = self
            .stopped
            .get()
            .map_or_else(|| self.started.elapsed(), |(_, elapsed)| *elapsed);
        elapsed + Elapsed::from_secs(ahead)
    }

    /// Stops this clock and all its clones, so that tests of expiry do not depend on their run time. Time then passes
    /// only by [`advance`](Self::advance).
    pub fn stop(&self) {
        self.stopped
            .get_or_init(|| (system_time(), self.started.elapsed()));
    }

    /// Advances this clock and all its clones, for tests of expiry.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.whole_seconds(), Ordering::Relaxed);
    }
}

/// Returns the system time in whole seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the system's clock is read"
)]
fn system_time() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

/// The clock of in-memory rate limits.
impl governor::clock::Clock for Clock {
    type Instant = Elapsed;

    fn now(&self) -> Elapsed {
        self.elapsed()
    }
}
