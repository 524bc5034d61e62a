//! Reads and verifies a backup.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read, Write, copy, sink},
    path::{Path, PathBuf},
};

use domain::{
    media::{FILE_MAX, Folder, Upload},
    platform::digest::hex,
};
use migration::Migrator;
use sha2::{Digest, Sha256};
use shared::model::media::media_type;
use zip::ZipArchive;

use super::{
    BackupError, DATABASE, MANIFEST, MEDIA, Manifest,
    manifest::{self, BYTES_MAX, FORMAT},
};
use crate::cli::progress::Progress;

/// The number of bytes of a picture that are read at a time.
const CHUNK: usize = 128 * 1024;
/// The maximum ratio of the size of all pictures to that of the backup. Pictures cannot be compressed much further, so
/// a higher ratio is not plausible.
const PICTURES_RATIO: u64 = 4;
/// The number of bytes that are added to this limit for the sake of small backups.
const PICTURES_ROOM: u64 = 1_000_000;

/// An opened backup with its manifest.
pub(super) struct Backup {
    path: PathBuf,
    bytes: u64,
    zip: ZipArchive<BufReader<File>>,
    pub manifest: Manifest,
}

impl Backup {
    /// Opens the backup at `path`.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let unfit = |why: String| BackupError::Unfit(path.to_owned(), why);
        let unreadable = |error| BackupError::Read(path.to_owned(), error);
        let file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        let mut zip = ZipArchive::new(BufReader::new(file))
            .map_err(|error| unfit(format!("it is not a backup, or not a complete one ({error})")))?;
        let entry = zip
            .by_name(MANIFEST)
            .map_err(|_| unfit("it is not a backup of a site".to_owned()))?;
        if entry.size() > BYTES_MAX {
            return Err(unfit(format!("its manifest has more than {BYTES_MAX} bytes")));
        }
        let manifest: Manifest = serde_json::from_reader(BufReader::new(entry.take(BYTES_MAX)))
            .map_err(|error| unfit(format!("its manifest cannot be read: {error}")))?;
        let newer = Migrator::unknown(&manifest.steps);
        if manifest.format != FORMAT || newer.is_some() {
            let step = newer.unwrap_or("another format");
            let version = &manifest.version;
            return Err(unfit(format!(
                "it was written by a newer version, {version} ({step}); restore it with that version"
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            bytes,
            zip,
            manifest,
        })
    }

    /// Verifies that the backup contains exactly the files in its manifest, unchanged.
    pub(super) fn verify(&mut self, progress: &Progress) -> Result<(), BackupError> {
        self.zip
            .validate_header_consistency()
            .map_err(|error| self.unfit(&format!("its contents are not what it says they are ({error})")))?;
        self.compare()?;
        let files = self.manifest.files.clone();
        for (number, file) in files.iter().enumerate() {
            progress.show("files checked", number, files.len());
            self.unpack(file, &mut sink())?;
        }
        progress.show("files checked", files.len(), files.len());
        Ok(())
    }

    /// Verifies that the manifest names the database, valid picture paths, and nothing twice, and that the backup
    /// contains exactly these files.
    fn compare(&self) -> Result<(), BackupError> {
        let mut named = HashSet::from([MANIFEST]);
        let mut pictures: u64 = 0;
        for file in &self.manifest.files {
            let path = file.path.as_str();
            if !named.insert(path) {
                return Err(self.unfit(&format!("its manifest lists {path:?} twice")));
            }
            if path == DATABASE {
                continue;
            }
            if !is_picture(path) {
                return Err(self.unfit(&format!("{path:?} is neither the database nor a picture")));
            }
            if file.bytes > FILE_MAX {
                return Err(self.unfit(&format!("{path} has more than {FILE_MAX} bytes")));
            }
            pictures = pictures.saturating_add(file.bytes);
        }
        if !named.contains(DATABASE) {
            return Err(self.unfit("there is no database in it"));
        }
        let room = self
            .bytes
            .saturating_mul(PICTURES_RATIO)
            .saturating_add(PICTURES_ROOM);
        if pictures > room {
            return Err(self.unfit(&format!(
                "its pictures have {pictures} bytes, but it has only {}",
                self.bytes
            )));
        }
        for name in self.zip.file_names() {
            let name = name.map_err(|error| self.unfit(&error.to_string()))?;
            if !named.remove(&*name) {
                return Err(self.unfit(&format!("its manifest does not list {name:?}, which is in it")));
            }
        }
        match named.into_iter().next() {
            Some(missing) => Err(self.unfit(&format!("{missing} is not in it"))),
            None => Ok(()),
        }
    }

    /// Returns the size of the database in bytes.
    pub(super) fn database_bytes(&self) -> u64 {
        let files = self.manifest.files.iter();
        files
            .filter(|file| file.path == DATABASE)
            .map(|file| file.bytes)
            .sum()
    }

    /// Writes the database into the new file `target`.
    pub(super) fn extract(&mut self, target: &Path) -> Result<(), BackupError> {
        let database = self
            .manifest
            .files
            .iter()
            .find(|file| file.path == DATABASE)
            .cloned();
        let database = database.ok_or_else(|| self.unfit("there is no database in it"))?;
        let mut file =
            File::create_new(target).map_err(|error| BackupError::Write(target.to_owned(), error))?;
        self.unpack(&database, &mut file)
    }

    /// Returns the entries of the pictures in the manifest.
    pub(super) fn pictures(&self) -> Vec<manifest::File> {
        let files = self.manifest.files.iter();
        files
            .filter(|file| file.path.starts_with(MEDIA))
            .cloned()
            .collect()
    }

    /// Uploads the content of `file` in chunks, and verifies it.
    pub(super) async fn send(
        &mut self,
        file: &manifest::File,
        upload: &mut Upload,
    ) -> Result<(), BackupError> {
        let unreadable = |error: &dyn std::fmt::Display| {
            BackupError::Unfit(self.path.clone(), format!("{}: {error}", file.path))
        };
        let entry = self.zip.by_name(&file.path).map_err(|error| unreadable(&error))?;
        let mut entry = entry.take(file.bytes.saturating_add(1));
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            let mut some = entry.by_ref().take(CHUNK as u64);
            let read = some.read_to_end(&mut chunk).map_err(|error| unreadable(&error))?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            hash.update(&chunk);
            upload.write(chunk).await?;
        }
        if bytes != file.bytes || hex(&hash.finalize()) != file.sha256 {
            return Err(unreadable(&"its content has changed"));
        }
        Ok(())
    }

    /// Writes the content of `file` to `target`, and verifies it.
    fn unpack(&mut self, file: &manifest::File, target: &mut impl Write) -> Result<(), BackupError> {
        let mut hashing = Hashing {
            target,
            hash: Sha256::new(),
        };
        let unpacked = self.zip.by_name(&file.path).map_err(io::Error::other).and_then(
            // Reading at most one byte more than expected is enough to detect an entry that is too long.
            |entry| copy(&mut entry.take(file.bytes.saturating_add(1)), &mut hashing),
        );
        let bytes = unpacked.map_err(|error| self.unfit(&format!("{}: {error}", file.path)))?;
        if bytes != file.bytes || hex(&hashing.hash.finalize()) != file.sha256 {
            return Err(self.unfit(&format!("the content of {} has changed", file.path)));
        }
        Ok(())
    }

    /// Returns the error for a backup that cannot be restored because of `why`.
    pub(super) fn unfit(&self, why: &str) -> BackupError {
        BackupError::Unfit(self.path.clone(), why.to_owned())
    }
}

/// Returns whether `path` is a valid path for a picture in a backup. Nothing else is written into the store.
fn is_picture(path: &str) -> bool {
    let Some(path) = path.strip_prefix(MEDIA) else {
        return false;
    };
    path.split_once('/').is_some_and(|(folder, name)| {
        Folder::LASTING.iter().any(|known| known.name() == folder) && media_type(name).is_some()
    })
}

/// A writer that hashes everything it passes on.
struct Hashing<'a, W> {
    target: &'a mut W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.target.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}
