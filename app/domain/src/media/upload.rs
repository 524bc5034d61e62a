//! Streaming uploads into a store.

use std::sync::Arc;

use axum::body::Bytes;
use object_store::{Attributes, ObjectStore, buffered::BufWriter, path::Path as Key};
use tokio::io::AsyncWriteExt;

use super::store::failed;
use shared::error::AppError;

/// The number of bytes that are buffered per part: the minimum part size of a multipart upload is 5 MiB.
const PART: usize = 5 * 1024 * 1024;

/// A file that is being written. It does not exist before [`finish`](Self::finish) returns.
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

    /// Appends `bytes`.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if they cannot be written.
    pub async fn write(&mut self, bytes: impl Into<Bytes>) -> Result<(), AppError> {
        let put = self.writer.put(bytes.into()).await;
        put.map_err(|error| failed(&error))
    }

    /// Completes the file.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if it cannot be written.
    pub async fn finish(mut self) -> Result<(), AppError> {
        self.writer.shutdown().await.map_err(|error| {
            tracing::error!(%error, "media");
            AppError::Unreachable
        })
    }

    /// Discards what was written.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "an incomplete file may be left in the store");
        }
    }
}
