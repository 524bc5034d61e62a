//! A site, or what belongs to one person, as a ZIP file that outlives this program; and sites of other systems.
//!
//! | entry | |
//! |---|---|
//! | `broadsheet.toml` | that it is one of ours, and in which form |
//! | `people/<username>.toml` | an account |
//! | `posts/<number>-<slug>.md` | a post: what is known of it as TOML between two lines `+++`, then its text in Markdown |
//! | `drafts/<number>.md` | the same of a draft |
//! | `media/…` | pictures |
//!
//! The same site gives the same bytes.

use std::{io, path::PathBuf};

use domain::data::import::{Counted, Named};
use shared::{error::AppError, forms::post::CONTENT_MAX};
use thiserror::Error;

/// Out of the site.
mod export;
/// Sites of other systems.
mod external_format;
/// A post or a draft as a file.
mod front_matter;
/// Exports of Ghost.
mod ghost;
/// HTML of other systems as Markdown.
mod html;
/// Into the site.
mod import;
/// Changes and losses.
mod notes;
/// How much texts may grow.
mod room;
/// Exports of WordPress.
mod wordpress;

pub use export::{Exported, export};
pub use import::import;
pub use notes::Note;

/// The entry that tells that a file is one of ours.
const MARK: &str = "broadsheet.toml";
/// The form that this version writes, and reads.
const FORMAT: u32 = 1;
/// No text has more bytes: four times what somebody may write, in letters of four bytes.
const TEXT_MAX: u64 = 4 * 4 * CONTENT_MAX as u64;
const PEOPLE: &str = "people/";
const POSTS: &str = "posts/";
const DRAFTS: &str = "drafts/";
const MEDIA: &str = "media/";

/// Why nothing was exported, or why not all was imported.
#[derive(Debug, Error)]
pub enum TransferError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// There is such a file.
    #[error("{0} already exists")]
    There(PathBuf),
    /// The file is none that can be imported.
    #[error("{0} cannot be imported: {1}")]
    Unfit(PathBuf, String),
    /// Something of the site cannot be read or written; the log says what.
    #[error("{}", .0.advice())]
    Site(AppError),
}

impl From<AppError> for TransferError {
    fn from(error: AppError) -> Self {
        Self::Site(error)
    }
}

impl TransferError {
    /// Whether another file has to be given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Site(_))
    }
}

/// The outcome of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// People.
    pub people: Counted,
    /// Posts.
    pub posts: Counted,
    /// Drafts.
    pub drafts: Counted,
    /// Files of pictures.
    pub pictures: usize,
    /// Pictures in texts that are still where they were.
    pub elsewhere: usize,
    /// The titles of texts that were nested more deeply than they can be here.
    pub flattened: Vec<String>,
    /// People who were added and are called otherwise than in the file: their names were taken.
    pub renamed: Vec<Named>,
    /// The names of people who were added without the password that the file has for them.
    pub passwords_left_out: Vec<String>,
    /// Changes and losses.
    pub notes: Vec<Note>,
}

impl Imported {
    /// Adds what another file has brought.
    fn add(&mut self, other: Self) {
        self.people.add(other.people);
        self.posts.add(other.posts);
        self.drafts.add(other.drafts);
        self.pictures += other.pictures;
        self.elsewhere += other.elsewhere;
        self.flattened.extend(other.flattened);
        self.renamed.extend(other.renamed);
        self.passwords_left_out.extend(other.passwords_left_out);
        self.notes.extend(other.notes);
    }
}
