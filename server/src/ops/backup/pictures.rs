//! Writes the pictures of a backup into the store of a site.

use std::collections::HashMap;

use domain::{
    media::{Folder, Store},
    platform::digest::hex,
};
use sha2::{Digest, Sha256};
use shared::error::AppError;

use super::{BackupError, MEDIA, manifest::File, read::Backup};
use crate::cli::progress::Progress;

/// The pictures that are being restored.
pub(super) struct Pictures<'a> {
    store: &'a Store,
    /// The paths of the pictures that were written because they did not exist.
    new: Vec<String>,
    /// The pictures that exist with another content. They are damaged, because a name always refers to the same
    /// picture.
    damaged: Vec<File>,
}

impl<'a> Pictures<'a> {
    /// Returns an empty list for `store`.
    pub(super) const fn new(store: &'a Store) -> Self {
        Self {
            store,
            new: Vec::new(),
            damaged: Vec::new(),
        }
    }

    /// Writes the pictures of `backup` that do not exist in the store.
    pub(super) async fn add(&mut self, backup: &mut Backup, progress: &Progress) -> Result<(), BackupError> {
        let there = self.store.list(Folder::LASTING).await?;
        let files = backup.pictures();
        for (number, file) in files.iter().enumerate() {
            progress.show("pictures", number + 1, files.len());
            match self.is_there(&there, file).await? {
                Some(true) => {}
                Some(false) => self.damaged.push(file.clone()),
                None => {
                    if let Err(error) = self.write(backup, file).await {
                        // A bucket may have stored the file although its response was lost, so it is deleted. If this
                        // fails as well, the file does not exist.
                        let _ = self.store.delete(path(file)).await;
                        return Err(error);
                    }
                    self.new.push(path(file).to_owned());
                }
            }
        }
        Ok(())
    }

    /// Returns whether the content of `file` in the store is intact, or `None` if it does not exist.
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

    /// Deletes the pictures that were written.
    pub(super) async fn take_back(self) -> Result<(), BackupError> {
        let all = self.new.len();
        for (number, path) in self.new.iter().enumerate() {
            if self.store.delete(path).await.is_err() {
                return Err(BackupError::Left(all - number));
            }
        }
        Ok(())
    }

    /// Overwrites the damaged pictures, after the site has been restored.
    pub(super) async fn repair(self, backup: &mut Backup) -> Result<(), BackupError> {
        for file in &self.damaged {
            if let Err(error) = self.write(backup, file).await {
                return Err(BackupError::Unrepaired(path(file).to_owned(), Box::new(error)));
            }
        }
        Ok(())
    }
}

/// Returns the path of a picture in the store.
fn path(file: &File) -> &str {
    file.path.strip_prefix(MEDIA).unwrap_or(&file.path)
}
