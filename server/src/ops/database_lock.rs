//! The lock on an SQLite database. Only one server may use a database at a time, because each relies on its in-memory
//! caches being up to date.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};
use thiserror::Error;

/// An error of locking a database.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another server has locked it.
    #[error("another broadsheet is already using {0}; stop it first")]
    Taken(PathBuf),
    /// The lock file cannot be opened.
    #[error("{0} cannot be opened: {1}")]
    File(PathBuf, io::Error),
}

/// The lock on an SQLite database. It is released when this is dropped or the program ends in any way.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Locks the SQLite database at the path `database`.
///
/// # Errors
/// Returns an error if another server has locked it.
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

/// Returns whether a server has locked the SQLite database at the path `database`.
#[must_use]
pub fn is_taken(database: &Path) -> bool {
    let file = File::open(beside(database, "lock"));
    file.is_ok_and(|file| {
        flock(&file, FlockOperation::NonBlockingLockShared) == Err(rustix::io::Errno::WOULDBLOCK)
    })
}

/// Returns the path `database` with `ending` appended after a dot.
#[must_use]
pub fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}
