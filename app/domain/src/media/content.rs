//! The content of a file, to be sent as it is or in part.

use std::{ops::Range, sync::Arc};

use axum::body::{Body, Bytes};
use futures::{Stream, stream::try_unfold};
use object_store::{
    Error, GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, aws::AmazonS3, path::Path as Key,
};

use super::store::failed;

/// How many bytes of a file in a bucket are asked for at once, which is what an answer keeps of it.
const PART: u64 = 256 * 1024;

/// The content of a file.
pub struct FileContent(Source);

enum Source {
    Memory(Bytes),
    /// Read while it is sent: whoever takes it slowly takes no memory for it.
    Disk(Box<GetResult>),
    Bucket(Box<Object>),
}

/// A file in a bucket, which does not wait for whoever takes the file slowly: each part is asked for by itself, when the one
/// before has been sent.
struct Object {
    bucket: Arc<AmazonS3>,
    key: Key,
    /// How many bytes the file has.
    length: u64,
    /// Its beginning, up to [`PART`] bytes, as far as it has been read.
    first: Bytes,
}

impl FileContent {
    /// Returns the content of the file at `key` in a folder.
    ///
    /// # Errors
    /// When there is none, or when it cannot be read.
    pub(super) async fn in_folder(files: &dyn ObjectStore, key: &Key) -> Result<Self, Error> {
        let found = files.get(key).await?;
        Ok(Self(Source::Disk(Box::new(found))))
    }

    /// Returns the content of the file at `key` in a bucket; reads the beginning already if it `is_whole` that is wanted.
    ///
    /// # Errors
    /// When there is none, or when it cannot be read.
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

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        match &self.0 {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::Disk(found) => found.meta.size,
            Source::Bucket(object) => object.length,
        }
    }

    /// The bytes in `range`, which lies within the content.
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
    /// The bytes in `range`, part by part.
    fn parts(self, range: Range<u64>) -> impl Stream<Item = Result<Bytes, Error>> {
        try_unfold((self, range), |(mut object, rest)| async move {
            if rest.is_empty() {
                return Ok(None);
            }
            let part = object.part(&rest).await.inspect_err(|error| {
                failed(error);
            })?;
            if part.is_empty() {
                // The file has become shorter. The answer ends early, which its length tells.
                return Ok(None);
            }
            let start = rest.start.saturating_add(part.len() as u64);
            Ok(Some((part, (object, start..rest.end))))
        })
    }

    /// The first part of the bytes in `rest`, which are not empty.
    async fn part(&mut self, rest: &Range<u64>) -> Result<Bytes, Error> {
        // It is not kept while others are sent.
        let first = std::mem::take(&mut self.first);
        let kept = within(&first, rest);
        if !kept.is_empty() {
            return Ok(kept);
        }
        let end = rest.end.min(rest.start.saturating_add(PART));
        self.bucket.get_range(&self.key, rest.start..end).await
    }
}

/// The bytes in `range` as far as `bytes` has them.
fn within(bytes: &Bytes, range: &Range<u64>) -> Bytes {
    let [start, end] =
        [range.start, range.end].map(|at| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len())));
    bytes.slice(start.min(end)..end)
}
