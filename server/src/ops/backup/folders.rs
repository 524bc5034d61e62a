//! Temporary folders, which are deleted after use.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::media::Folder;

use crate::ops::database_lock::beside;

/// The age at which a temporary folder is abandoned. No backup or restoration takes this long.
const OLD: Duration = Duration::from_hours(24);

/// Returns the nearest existing folder among `folder` and its ancestors.
pub(super) fn there(folder: &Path) -> &Path {
    let there = folder.ancestors().find(|path| path.is_dir());
    // A relative path begins in the working folder.
    there.unwrap_or(Path::new("."))
}

/// Deletes the folders in `folder` whose names begin with `prefix` and that are older than [`OLD`]. They were left by
/// programs that were killed.
pub(super) fn clear(folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(prefix) {
            continue;
        }
        // Another process may have deleted the entry in the meantime.
        let Ok(found) = entry.metadata() else { continue };
        let since = found.modified()?.elapsed().unwrap_or_default();
        if found.is_dir() && since > OLD {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Folders that do not exist yet. When this is dropped, those that have been created in the meantime and are empty are
/// deleted, unless [`keep`](Self::keep) is called.
pub(super) struct NewFolders {
    /// The folders, outer ones first.
    folders: Vec<PathBuf>,
    /// The lock of a database in one of these folders.
    lock: Option<PathBuf>,
}

impl NewFolders {
    /// Watches the folder of `database`, and that of the pictures, if they are stored in one.
    pub(super) fn watch(database: &Path, media: Option<&Path>) -> Self {
        let lock = beside(database, "lock");
        let mut paths: Vec<PathBuf> = lock.ancestors().skip(1).map(Path::to_owned).collect();
        paths.extend(media.into_iter().flat_map(Path::ancestors).map(Path::to_owned));
        paths.extend(media.into_iter().flat_map(|media| {
            Folder::LASTING
                .iter()
                .map(move |folder| media.join(folder.name()))
        }));
        paths.retain(|path| !path.as_os_str().is_empty() && !path.exists());
        paths.sort_unstable_by_key(|path| path.components().count());
        paths.dedup();
        let is_new = lock
            .parent()
            .is_some_and(|folder| paths.iter().any(|path| path == folder));
        Self {
            folders: paths,
            lock: Some(lock).filter(|_| is_new),
        }
    }

    /// Keeps the folders.
    pub(super) fn keep(mut self) {
        self.folders.clear();
        self.lock = None;
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        // Errors are ignored, because a remaining empty folder does no harm.
        if let Some(lock) = &self.lock {
            let _ = fs::remove_file(lock);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
