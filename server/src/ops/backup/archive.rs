//! Writes the ZIP file of a backup.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use domain::platform::digest::hex;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{BackupError, MANIFEST, Manifest, manifest};

/// The number of bytes that are read at a time.
const CHUNK: usize = 128 * 1024;

/// The content of an entry.
pub(super) enum Source {
    /// A file, which is compressed.
    File(PathBuf),
    /// Bytes that are compressed already.
    Bytes(Vec<u8>),
}

/// A ZIP file with a list of its contents.
pub(super) struct Archive {
    path: PathBuf,
    // The writer is boxed because its state is large.
    zip: Box<ZipWriter<BufWriter<File>>>,
    files: Vec<manifest::File>,
}

impl Archive {
    /// Creates a new archive at `path`.
    pub(super) fn create(path: &Path) -> Result<Self, BackupError> {
        let file = File::create_new(path).map_err(|error| BackupError::Write(path.to_owned(), error))?;
        Ok(Self {
            path: path.to_owned(),
            zip: Box::new(ZipWriter::new(BufWriter::new(file))),
            files: Vec::new(),
        })
    }

    /// Adds `source` under `name`. Returns the archive.
    pub(super) async fn with(mut self, name: String, source: Source) -> Result<Self, BackupError> {
        let path = self.path.clone();
        let added = spawn_blocking(move || self.add(name, source).map(|()| self)).await;
        added
            .map_err(io::Error::other)
            .flatten()
            .map_err(|error| BackupError::Write(path, error))
    }

    fn add(&mut self, name: String, source: Source) -> io::Result<()> {
        let (mut reader, method): (Box<dyn Read>, _) = match source {
            Source::File(path) => (Box::new(File::open(path)?), CompressionMethod::Deflated),
            Source::Bytes(bytes) => (Box::new(io::Cursor::new(bytes)), CompressionMethod::Stored),
        };
        self.zip.start_file(name.as_str(), options(method))?;
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = reader.read(&mut chunk)?;
            let Some(some) = chunk.get(..read).filter(|some| !some.is_empty()) else {
                break;
            };
            hash.update(some);
            self.zip.write_all(some)?;
            bytes += read as u64;
        }
        self.files.push(manifest::File {
            path: name,
            bytes,
            sha256: hex(&hash.finalize()),
        });
        Ok(())
    }

    /// Writes `manifest` as the last entry, and moves the file to `target` once it is completely on disk.
    pub(super) async fn finish(
        self,
        mut manifest: Manifest,
        target: PathBuf,
    ) -> Result<(Manifest, u64), BackupError> {
        let Self { path, zip, files } = self;
        manifest.files = files;
        let shown = target.clone();
        let written = spawn_blocking(move || {
            let bytes = close(*zip, &manifest)?;
            publish(&path, &target)?;
            Ok((manifest, bytes))
        });
        written
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(|error: io::Error| match error.kind() {
                io::ErrorKind::AlreadyExists => BackupError::There(shown),
                _ => BackupError::Write(shown, error),
            })
    }
}

/// Writes the remaining data. Returns the size of the file.
fn close(mut zip: ZipWriter<BufWriter<File>>, manifest: &Manifest) -> io::Result<u64> {
    zip.start_file(MANIFEST, options(CompressionMethod::Deflated))?;
    serde_json::to_writer_pretty(&mut zip, manifest)?;
    let file = zip
        .finish()?
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

/// Gives the file its final name, which must not exist.
fn publish(path: &Path, target: &Path) -> io::Result<()> {
    if target.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(path, target)?;
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600)
        // Files may be larger than 4 GiB.
        .large_file(true)
}
