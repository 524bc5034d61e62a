//! When the topics of cached pages last changed.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::ConnectionTrait;

use super::ObservedPool;
use crate::platform::topic::Topic;

/// The PostgreSQL channel on which servers notify each other of changes.
pub(super) const CHANNEL: &str = "broadsheet_content";
/// The maximum number of topics in one notification, whose payload PostgreSQL limits to 8,000 bytes.
const TOLD_MAX: usize = 200;
/// How long the change of a topic is remembered. No page is cached for that long.
const REMEMBERED: Duration = Duration::from_mins(5);
/// The minimum number of remembered topics at which old ones are removed.
const PRUNED_FROM: usize = 1_024;

/// The changes of topics, in an order that is the same for all threads of this server.
#[derive(Debug, Clone)]
pub struct Changes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The number of changes so far.
    now: AtomicU64,
    /// The last change of everything.
    everything: AtomicU64,
    topics: RwLock<Remembered>,
    /// The changes that other servers have not been notified of.
    untold: Mutex<BTreeSet<Topic>>,
    /// Held while a notification is sent.
    telling: tokio::sync::Mutex<()>,
    server: u64,
    is_watched: AtomicBool,
}

/// The last change of each topic.
#[derive(Debug)]
struct Remembered {
    changes: HashMap<Topic, (u64, Instant)>,
    /// The number of topics at which old ones are removed next. It doubles with the number of those that stay, so
    /// that a change costs the same however many there are.
    pruned_at: usize,
}

impl Default for Remembered {
    fn default() -> Self {
        Self {
            changes: HashMap::new(),
            pruned_at: PRUNED_FROM,
        }
    }
}

impl Remembered {
    /// Forgets the changes before `begin`, if there are many.
    fn prune(&mut self, begin: Option<Instant>) {
        if self.changes.len() < self.pruned_at {
            return;
        }
        if let Some(begin) = begin {
            self.changes.retain(|_, (_, at)| *at >= begin);
        }
        self.pruned_at = PRUNED_FROM.max(2 * self.changes.len());
    }
}

impl Default for Changes {
    fn default() -> Self {
        Self(Arc::new(Inner {
            now: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            topics: RwLock::default(),
            untold: Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            server: fastrand::u64(..),
            is_watched: AtomicBool::new(false),
        }))
    }
}

impl Changes {
    /// Returns the present moment. To cache a result, get it before reading the data.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.0.now.load(Ordering::Acquire)
    }

    /// Returns the moment at which one of `topics` last changed or may have changed.
    #[must_use]
    pub fn last(&self, topics: &[Topic]) -> u64 {
        if topics.contains(&Topic::Everything) {
            return self.now();
        }
        let remembered = self.0.topics.read().unwrap_or_else(PoisonError::into_inner);
        let changed = topics.iter().filter_map(|topic| remembered.changes.get(topic));
        let last = changed.map(|(moment, _)| *moment).max().unwrap_or_default();
        last.max(self.0.everything.load(Ordering::Acquire))
    }

    /// Returns whether changes by other servers and by commands are noticed.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.0.is_watched.load(Ordering::Acquire)
    }

    /// Records whether changes by others are noticed from now on. If so, call this before the current state of the
    /// database is read.
    pub fn watch(&self, is_watched: bool) {
        if is_watched {
            // Earlier changes are unknown.
            self.record([Topic::Everything]);
        }
        self.0.is_watched.store(is_watched, Ordering::Release);
    }

    /// Records that `topics` have changed or may have changed.
    pub fn record(&self, topics: impl IntoIterator<Item = Topic>) {
        let mut remembered = self.0.topics.write().unwrap_or_else(PoisonError::into_inner);
        let moment = self.0.now.fetch_add(1, Ordering::AcqRel) + 1;
        let at = Instant::now();
        for topic in topics {
            if topic == Topic::Everything {
                self.0.everything.store(moment, Ordering::Release);
            } else {
                remembered.changes.insert(topic, (moment, at));
            }
        }
        remembered.prune(at.checked_sub(REMEMBERED));
    }

    /// Returns the topics in a payload of [`Self::tell`] that another server has sent. A server receives its own
    /// notifications as well; for these, nothing is returned.
    pub(super) fn told(&self, payload: &str) -> Vec<Topic> {
        let mut words = payload.split(' ');
        if words.next().and_then(|server| server.parse().ok()) == Some(self.0.server) {
            return Vec::new();
        }
        let topics: Vec<Topic> = words.map(Topic::parse).collect();
        if topics.is_empty() {
            vec![Topic::Everything]
        } else {
            topics
        }
    }

    /// Notifies the other servers of a change of `topics`. Concurrent calls send one notification. Sent outside the
    /// transaction, because PostgreSQL serializes the commits of transactions that notify
    /// (postgresql.org/docs/current/sql-notify.html).
    pub(super) async fn tell(&self, writer: &ObservedPool, topics: impl IntoIterator<Item = Topic>) {
        self.untold().extend(topics);
        let _turn = self.0.telling.lock().await;
        let topics = std::mem::take(&mut *self.untold());
        if topics.is_empty() {
            // Another call has sent them.
            return;
        }
        let sql = format!("NOTIFY {CHANNEL}, '{}'", self.payload(&topics));
        if let Err(error) = writer.execute_unprepared(&sql).await {
            tracing::warn!(%error, "other servers may show for a minute what was there before a change");
            // Sent with the next notification, unless that comes too late.
            self.untold().extend(topics);
        }
    }

    fn payload(&self, topics: &BTreeSet<Topic>) -> String {
        let server = self.0.server;
        if topics.len() > TOLD_MAX {
            return format!("{server} {}", Topic::Everything);
        }
        let topics: Vec<String> = topics.iter().map(Topic::to_string).collect();
        format!("{server} {}", topics.join(" "))
    }

    fn untold(&self) -> MutexGuard<'_, BTreeSet<Topic>> {
        self.0.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_later_than_what_was_read_before_it() {
        let changes = Changes::default();
        let before = changes.now();
        assert!(changes.last(&[Topic::Site, Topic::Post(1)]) <= before);
        changes.record([Topic::Post(1)]);
        assert!(changes.last(&[Topic::Site, Topic::Post(1)]) > before);
        assert!(changes.last(&[Topic::Site, Topic::Post(2)]) <= before);
        assert!(changes.last(&[Topic::Post(1)]) <= changes.now());
    }

    #[test]
    fn a_change_of_everything_is_one_of_each_topic() {
        let changes = Changes::default();
        let before = changes.now();
        changes.record([Topic::Everything]);
        assert!(changes.last(&[]) > before);
        assert!(changes.last(&[Topic::User(1)]) > before);
        let before = changes.now();
        changes.record([Topic::User(1)]);
        assert!(changes.last(&[Topic::Everything]) > before);
    }

    #[test]
    fn other_servers_are_told_the_topics() {
        let (here, there) = (Changes::default(), Changes::default());
        let topics = BTreeSet::from([Topic::Site, Topic::Post(1), Topic::Tag(7)]);
        let payload = here.payload(&topics);
        assert_eq!(there.told(&payload), Vec::from_iter(topics));
        assert_eq!(here.told(&payload), []);
    }

    #[test]
    fn too_many_topics_for_one_payload_are_everything() {
        let (here, there) = (Changes::default(), Changes::default());
        let topics: BTreeSet<Topic> = (0..=TOLD_MAX)
            .map(|less| Topic::Post(i64::MAX - i64::try_from(less).expect("a small number")))
            .collect();
        assert_eq!(there.told(&here.payload(&topics)), [Topic::Everything]);
        let topics: BTreeSet<Topic> = topics.into_iter().take(TOLD_MAX).collect();
        let payload = here.payload(&topics);
        assert!(payload.len() < 8_000, "{}", payload.len());
        assert_eq!(there.told(&payload).len(), TOLD_MAX);
    }

    #[test]
    fn a_payload_that_is_not_understood_is_everything() {
        let here = Changes::default();
        for payload in ["", "12", "broken"] {
            assert_eq!(here.told(payload), [Topic::Everything], "{payload:?}");
        }
    }

    #[test]
    fn old_changes_are_forgotten() {
        let mut remembered = Remembered::default();
        let (old, new) = (Instant::now(), Instant::now() + Duration::from_secs(1));
        let posts = 0..10 * i64::try_from(PRUNED_FROM).expect("a small number");
        let mut most = 0;
        for id in posts.clone() {
            remembered.changes.insert(Topic::Post(id), (1, old));
            remembered.prune(Some(new));
            most = most.max(remembered.changes.len());
        }
        assert!(most < PRUNED_FROM, "{most}");
        for id in posts.clone() {
            remembered.changes.insert(Topic::Post(id), (1, new));
            remembered.prune(Some(new));
        }
        assert!(remembered.changes.len() >= 10 * PRUNED_FROM);
    }
}
