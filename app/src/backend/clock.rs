//! What time it is.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use time::{Duration, OffsetDateTime};

/// The only source of time, in UTC and whole seconds: dates are then the same in both databases, and as text in SQLite
/// they sort as they should.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
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

    /// Moves this clock, and all its clones, for tests of what expires.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.whole_seconds(), Ordering::Relaxed);
    }
}
