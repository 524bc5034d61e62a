//! The content of a file, to be sent as it is or in part.

use std::ops::Range;

use axum::body::{Body, Bytes};
use object_store::{GetResult, GetResultPayload};

/// The content of a file.
pub struct FileContent(Source);

enum Source {
    Memory(Bytes),
    /// Read while it is sent: whoever takes it slowly takes no memory for it.
    Disk(Box<GetResult>),
}

impl FileContent {
    /// Returns the content of the file that a store has found.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn of(found: GetResult) -> Result<Self, object_store::Error> {
        match found.payload {
            GetResultPayload::File(..) => Ok(Self(Source::Disk(Box::new(found)))),
            // A bucket does not wait for whoever takes it slowly.
            GetResultPayload::Stream(_) => found.bytes().await.map(Self::from),
        }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        match &self.0 {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::Disk(found) => found.meta.size,
        }
    }

    /// The bytes in `range`, which lies within the content.
    pub fn body(self, range: Range<u64>) -> Body {
        match self.0 {
            Source::Memory(bytes) => {
                let [start, end] = [range.start, range.end]
                    .map(|at| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len())));
                Body::from(bytes.slice(start.min(end)..end))
            }
            Source::Disk(mut found) => {
                found.range = range;
                Body::from_stream(found.into_stream())
            }
        }
    }
}

impl From<Bytes> for FileContent {
    fn from(bytes: Bytes) -> Self {
        Self(Source::Memory(bytes))
    }
}
