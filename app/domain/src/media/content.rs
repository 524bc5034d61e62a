//! The content of a file, to be sent in full or in part.

use std::{ops::Range, sync::Arc};

use axum::body::{Body, Bytes};
use futures::{Stream, stream::try_unfold};
use object_store::{
    Error, GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, aws::AmazonS3, path::Path as Key,
};

use super::store::failed;

/// The size of a range request to a bucket, which bounds the memory per response.
const PART: u64 = 256 * 1024;

/// The content of a file.
pub struct FileContent(Source);

enum Source {
    Memory(Bytes),
    /// Read while it is sent, so that a slow client does not occupy memory.
    Disk(Box<GetResult>),
    Bucket(Box<Object>),
}

/// A file in a bucket. It is read in separate range requests, each when the previous part has been sent, so that no
/// connection to the bucket waits for a slow client.
struct Object {
    bucket: Arc<AmazonS3>,
    key: Key,
    /// The size of the file in bytes.
    length: u64,
    /// The first [`PART`] bytes at most, if they have been read.
    first: Bytes,
}

impl FileContent {
    /// Returns the content of the file at `key` in a folder.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such file or it cannot be read.
    pub(super) async fn in_folder(files: &dyn ObjectStore, key: &Key) -> Result<Self, Error> {
        let found = files.get(key).await?;
        Ok(Self(Source::Disk(Box::new(found))))
    }

    /// Returns the content of the file at `key` in a bucket. If `is_whole`, the first part is read right away.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such file or it cannot be read.
    pub(super) async fn in_bucket(bucket: Arc<AmazonS3>, key: Key, is_whole: bool) -> Result<Self, Error> {
        let options = GetOptions {
            range: is_whole.then_some(GetRange::Bounded(0..PART)),
            head: !is_whole,
            ..GetOptions::default()
        };
        let found = bucket.get_opts(&key, options).await?;
        let length = found.meta.size;
        let first = if is_whole {
            found.bytes().await?
        } else {
            Bytes::new()
        };
        Ok(Self(Source::Bucket(Box::new(Object {
            bucket,
            key,
            length,
            first,
        }))))
    }

    /// Returns the size in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        match &self.0 {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::Disk(found) => found.meta.size,
            Source::Bucket(object) => object.length,
        }
    }

    /// Returns the bytes in `range`, which must lie within the content.
    pub fn body(self, range: Range<u64>) -> Body {
        match self.0 {
            Source::Memory(bytes) => Body::from(within(&bytes, &range)),
            Source::Disk(mut found) => {
                found.range = range;
                Body::from_stream(found.into_stream())
            }
            Source::Bucket(object) => Body::from_stream(object.parts(range)),
        }
    }
}

impl From<Bytes> for FileContent {
    fn from(bytes: Bytes) -> Self {
        Self(Source::Memory(bytes))
    }
}

impl Object {
    /// Returns a stream of the bytes in `range`.
    fn parts(self, range: Range<u64>) -> impl Stream<Item = Result<Bytes, Error>> {
        try_unfold((self, range), |(mut object, rest)| async move {
            if rest.is_empty() {
                return Ok(None);
            }
            let part = object.part(&rest).await.inspect_err(|error| {
                failed(error);
            })?;
            if part.is_empty() {
                // The file has become shorter. The client detects the truncation by the `Content-Length`.
                return Ok(None);
            }
            let start = rest.start.saturating_add(part.len() as u64);
            Ok(Some((part, (object, start..rest.end))))
        })
    }

    /// Returns the first part of `rest`, which must not be empty.
    async fn part(&mut self, rest: &Range<u64>) -> Result<Bytes, Error> {
        // Taken, so that it is not kept in memory while later parts are sent.
        let first = std::mem::take(&mut self.first);
        let kept = within(&first, rest);
        if !kept.is_empty() {
            return Ok(kept);
        }
        let end = rest.end.min(rest.start.saturating_add(PART));
        self.bucket.get_range(&self.key, rest.start..end).await
    }
}

/// Returns the bytes in `range`, as far as `bytes` contains them.
fn within(bytes: &Bytes, range: &Range<u64>) -> Bytes {
    let [start, end] =
        [range.start, range.end].map(|at| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len())));
    bytes.slice(start.min(end)..end)
}
