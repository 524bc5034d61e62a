//! One server at a time for an SQLite database: two would each believe that what they keep in memory is all there is.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};
use thiserror::Error;

/// Why a database cannot be made ours.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another server has it.
    #[error("another broadsheet is already using {0}; stop it first")]
    Taken(PathBuf),
    /// The file that says so cannot be opened.
    #[error("{0} cannot be opened: {1}")]
    File(PathBuf, io::Error),
}

/// An SQLite database is ours as long as this lives, however the program ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Makes the SQLite database in `database` ours.
///
/// # Errors
/// When it is another's.
pub fn take(database: &Path) -> Result<Lock, LockError> {
    let path = beside(database, "lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| LockError::File(path, error))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Lock { _file: file }),
        Err(_) => Err(LockError::Taken(database.to_owned())),
    }
}

/// Whether a server has the SQLite database in `database`.
#[must_use]
pub fn is_taken(database: &Path) -> bool {
    let file = File::open(beside(database, "lock"));
    file.is_ok_and(|file| {
        flock(&file, FlockOperation::NonBlockingLockShared) == Err(rustix::io::Errno::WOULDBLOCK)
    })
}

/// The file that is called as `database` is, with `ending` after it.
#[must_use]
pub fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}
