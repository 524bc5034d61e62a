//! A backup that was taken.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write, copy, sink},
    path::{Path, PathBuf},
};

use app::backend::digest::hex;
use migration::Migrator;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::{
    BackupError, DATABASE, MANIFEST, MEDIA, Manifest,
    manifest::{self, FORMAT},
};
use crate::progress::Progress;

/// A backup, and what it says of itself.
pub(super) struct Backup {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    pub manifest: Manifest,
}

impl Backup {
    /// Opens the backup in the file `path`.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let unfit = |why: String| BackupError::Unfit(path.to_owned(), why);
        let file = File::open(path).map_err(|error| BackupError::Read(path.to_owned(), error))?;
        let mut zip = ZipArchive::new(BufReader::new(file))
            .map_err(|error| unfit(format!("it is no backup, or not a whole one ({error})")))?;
        let manifest = zip
            .by_name(MANIFEST)
            .map_err(|_| unfit("it is no backup of a site".to_owned()))?;
        let manifest: Manifest = serde_json::from_reader(manifest)
            .map_err(|error| unfit(format!("what it says of itself cannot be read: {error}")))?;
        let newer = Migrator::unknown(&manifest.steps);
        if manifest.format != FORMAT || newer.is_some() {
            let step = newer.unwrap_or("another form");
            let version = &manifest.version;
            return Err(unfit(format!(
                "a newer version, {version}, has written it ({step}); restore it with that one"
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            zip,
            manifest,
        })
    }

    /// Makes sure that everything is there, as it was.
    pub(super) fn verify(&mut self, progress: &Progress) -> Result<(), BackupError> {
        let files = self.manifest.files.clone();
        if !files.iter().any(|file| file.path == DATABASE) {
            return Err(self.unfit("there is no database in it"));
        }
        for (number, file) in files.iter().enumerate() {
            progress.show("files checked", number, files.len());
            self.unpack(file, &mut sink())?;
        }
        progress.show("files checked", files.len(), files.len());
        Ok(())
    }

    /// Writes the database into the new file `target`.
    pub(super) fn extract(&mut self, target: &Path) -> Result<(), BackupError> {
        let files = self.manifest.files.clone();
        let database = files.iter().find(|file| file.path == DATABASE);
        let database = database.ok_or_else(|| self.unfit("there is no database in it"))?;
        let mut file =
            File::create_new(target).map_err(|error| BackupError::Write(target.to_owned(), error))?;
        self.unpack(database, &mut file)
    }

    /// The pictures with their names in the backup.
    pub(super) fn pictures<'a>(
        &'a mut self,
        progress: &'a Progress,
    ) -> impl Iterator<Item = (String, Result<Vec<u8>, BackupError>)> + 'a {
        let mut files = self.manifest.files.clone();
        files.retain(|file| file.path.starts_with(MEDIA));
        let all = files.len();
        files.into_iter().enumerate().map(move |(number, file)| {
            progress.show("pictures", number + 1, all);
            let mut bytes = Vec::new();
            let unpacked = self.unpack(&file, &mut bytes).map(|()| bytes);
            (file.path, unpacked)
        })
    }

    /// Writes the content of `file` to `target`, and makes sure that it is what it was.
    fn unpack(&mut self, file: &manifest::File, target: &mut impl Write) -> Result<(), BackupError> {
        let mut hashing = Hashing {
            target,
            hash: Sha256::new(),
        };
        let unpacked = self.zip.by_name(&file.path).map_err(io::Error::other).and_then(
            // One byte more than there should be tells that there are too many.
            |entry| copy(&mut entry.take(file.bytes + 1), &mut hashing),
        );
        let bytes = unpacked.map_err(|error| self.unfit(&format!("{}: {error}", file.path)))?;
        if bytes != file.bytes || hex(&hashing.hash.finalize()) != file.sha256 {
            return Err(self.unfit(&format!("{} is not what it was", file.path)));
        }
        Ok(())
    }

    fn unfit(&self, why: &str) -> BackupError {
        BackupError::Unfit(self.path.clone(), why.to_owned())
    }
}

/// Hashes what it passes on.
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
