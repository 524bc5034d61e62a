//! What time it is.

use std::{
    sync::{
        Arc, OnceLock,
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
    /// This moment.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let now = self.stopped.get().map_or_else(system_time, |(now, _)| *now);
        now + Duration::seconds(self.ahead.load(Ordering::Relaxed))
    }

    /// Returns how long this clock has been running. It grows evenly, also when the system's clock is set to another time.
    #[must_use]
    pub fn elapsed(&self) -> Elapsed {
        let ahead = u64::try_from(self.ahead.load(Ordering::Relaxed)).unwrap_or(0);
        let elapsed = self
            .stopped
            .get()
            .map_or_else(|| self.started.elapsed(), |(_, elapsed)| *elapsed);
        elapsed + Elapsed::from_secs(ahead)
    }

    /// Stops this clock, and all its clones, so that tests of what expires do not depend on how long they take: time then
    /// passes only by [`advance`](Self::advance).
    pub fn stop(&self) {
        self.stopped
            .get_or_init(|| (system_time(), self.started.elapsed()));
    }

    /// Moves this clock, and all its clones, for tests of what expires.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.whole_seconds(), Ordering::Relaxed);
    }
}

/// Returns the system's time in whole seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the system's clock is read"
)]
fn system_time() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

/// The clock of limits that one server counts.
impl governor::clock::Clock for Clock {
    type Instant = Elapsed;

    fn now(&self) -> Elapsed {
        self.elapsed()
    }
}
