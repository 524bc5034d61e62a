//! The pictures of a backup, on their way into the store of a site.

use std::collections::HashMap;

use domain::{
    media::{Folder, Store},
    platform::digest::hex,
};
use sha2::{Digest, Sha256};
use shared::error::AppError;

use super::{BackupError, MEDIA, manifest::File, read::Backup};
use crate::cli::progress::Progress;

/// Pictures that are being written.
pub(super) struct Pictures<'a> {
    store: &'a Store,
    /// The paths of those that were not there before.
    new: Vec<String>,
    /// Those that are there with another content, which is damaged: a name never means another picture.
    damaged: Vec<File>,
}

impl<'a> Pictures<'a> {
    /// None yet, for `store`.
    pub(super) const fn new(store: &'a Store) -> Self {
        Self {
            store,
            new: Vec::new(),
            damaged: Vec::new(),
        }
    }

    /// Writes the pictures of `backup` that are not there.
    pub(super) async fn add(&mut self, backup: &mut Backup, progress: &Progress) -> Result<(), BackupError> {
        let there = self.store.list(&Folder::LASTING).await?;
        let files = backup.pictures();
        for (number, file) in files.iter().enumerate() {
            progress.show("pictures", number + 1, files.len());
            match self.is_there(&there, file).await? {
                Some(true) => {}
                Some(false) => self.damaged.push(file.clone()),
                None => {
                    if let Err(error) = self.write(backup, file).await {
                        // A bucket may have it although its answer was lost; what cannot be deleted either is not there.
                        let _ = self.store.delete(path(file)).await;
                        return Err(error);
                    }
                    self.new.push(path(file).to_owned());
                }
            }
        }
        Ok(())
    }

    /// Whether `file` is as it was where the store has one, or nothing.
    async fn is_there(&self, there: &HashMap<String, u64>, file: &File) -> Result<Option<bool>, BackupError> {
        match there.get(path(file)) {
            None => Ok(None),
            Some(bytes) if *bytes != file.bytes => Ok(Some(false)),
            Some(_) => match self.store.read_at(path(file)).await {
                Ok(content) => Ok(Some(hex(&Sha256::digest(&content)) == file.sha256)),
                Err(AppError::NotFound) => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }

    async fn write(&self, backup: &mut Backup, file: &File) -> Result<(), BackupError> {
        let mut upload = self.store.upload(path(file));
        if let Err(error) = backup.send(file, &mut upload).await {
            upload.abort().await;
            return Err(error);
        }
        Ok(upload.finish().await?)
    }

    /// Deletes what was written.
    pub(super) async fn take_back(self) -> Result<(), BackupError> {
        let all = self.new.len();
        for (number, path) in self.new.iter().enumerate() {
            if self.store.delete(path).await.is_err() {
                return Err(BackupError::Left(all - number));
            }
        }
        Ok(())
    }

    /// Writes those that were damaged, now that they are the site's.
    pub(super) async fn repair(self, backup: &mut Backup) -> Result<(), BackupError> {
        for file in &self.damaged {
            if let Err(error) = self.write(backup, file).await {
                return Err(BackupError::Unrepaired(path(file).to_owned(), Box::new(error)));
            }
        }
        Ok(())
    }
}

/// Where a picture is in the store.
fn path(file: &File) -> &str {
    file.path.strip_prefix(MEDIA).unwrap_or(&file.path)
}
