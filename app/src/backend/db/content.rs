//! Whether what everybody may read is as it was.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A number for all that everybody may read: pages that were made under the same number are as they were.
#[derive(Debug, Clone)]
pub struct Content {
    version: Arc<AtomicU64>,
    server: u64,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            version: Arc::default(),
            server: fastrand::u64(..),
        }
    }
}

impl Content {
    /// The number now. Whoever keeps what they are about to read asks for it before.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Something is another, or may be: nothing that was kept counts any more.
    pub fn changed(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Which server changes it here: what it tells the others, it hears as well.
    pub(super) const fn server(&self) -> u64 {
        self.server
    }
}
