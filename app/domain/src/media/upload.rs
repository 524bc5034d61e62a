//! Files that are written some bytes at a time.

use std::sync::Arc;

use axum::body::Bytes;
use object_store::{Attributes, ObjectStore, buffered::BufWriter, path::Path as Key};
use tokio::io::AsyncWriteExt;

use super::store::failed;
use shared::error::AppError;

/// So many bytes are kept until they are passed on; a bucket takes no smaller parts than 5 MiB.
const PART: usize = 5 * 1024 * 1024;

/// A file that is being written. It is there when [`finish`](Self::finish) has ended, and not before.
#[derive(Debug)]
pub struct Upload {
    writer: BufWriter,
}

impl Upload {
    pub(super) fn new(files: Arc<dyn ObjectStore>, key: Key, attributes: Attributes) -> Self {
        Self {
            writer: BufWriter::with_capacity(files, key, PART)
                .with_max_concurrency(1)
                .with_attributes(attributes),
        }
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when they cannot be written.
    pub async fn write(&mut self, bytes: impl Into<Bytes>) -> Result<(), AppError> {
        let put = self.writer.put(bytes.into()).await;
        put.map_err(|error| failed(&error))
    }

    /// Ends the file, and puts it where it belongs.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when it cannot be written.
    pub async fn finish(mut self) -> Result<(), AppError> {
        self.writer.shutdown().await.map_err(|error| {
            tracing::error!(%error, "media");
            AppError::Unreachable
        })
    }

    /// Forgets what was written.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "an incomplete file may be left in the store");
        }
    }
}
