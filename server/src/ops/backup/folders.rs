//! Folders that are made on the way, and go again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::media::Folder;

use crate::ops::database_lock::beside;

/// Nothing that a folder is made for takes so long.
const OLD: Duration = Duration::from_hours(24);

/// The first folder that there is of `folder` and those around it.
pub(super) fn there(folder: &Path) -> &Path {
    let there = folder.ancestors().find(|path| path.is_dir());
    // The name of a folder that is somewhere else begins with the one in which the program runs.
    there.unwrap_or(Path::new("."))
}

/// Deletes the folders in `folder` whose names begin with `prefix` and that are [`OLD`]: programs that died have left them.
pub(super) fn clear(folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(prefix) {
            continue;
        }
        // It may be gone by now.
        let Ok(found) = entry.metadata() else { continue };
        let since = found.modified()?.elapsed().unwrap_or_default();
        if found.is_dir() && since > OLD {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Folders that are not there yet. Those that are by the time this goes are deleted, as far as they are empty, unless
/// [`keep`](Self::keep) is called.
pub(super) struct NewFolders {
    /// The outer ones first.
    folders: Vec<PathBuf>,
    /// The lock of a database in one of these.
    lock: Option<PathBuf>,
}

impl NewFolders {
    /// Those that a site is made of: the one of its `database`, and the one of its pictures if they are in one.
    pub(super) fn watch(database: &Path, media: Option<&Path>) -> Self {
        let lock = beside(database, "lock");
        let mut paths: Vec<PathBuf> = lock.ancestors().skip(1).map(Path::to_owned).collect();
        paths.extend(media.into_iter().flat_map(Path::ancestors).map(Path::to_owned));
        paths.extend(
            media
                .into_iter()
                .flat_map(|media| Folder::LASTING.map(|folder| media.join(folder.name()))),
        );
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

    /// They stay.
    pub(super) fn keep(mut self) {
        self.folders.clear();
        self.lock = None;
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        // What cannot be deleted is empty, and in nobody's way.
        if let Some(lock) = &self.lock {
            let _ = fs::remove_file(lock);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
