//! Export and import: a site, or the data of one person, as a ZIP file in an open format, and import from other
//! systems.
//!
//! | entry | |
//! |---|---|
//! | `broadsheet.toml` | the version of the export format |
//! | `people/<username>.toml` | an account |
//! | `posts/<number>-<slug>.md` | a post: its metadata as TOML between two lines `+++`, then its text in Markdown |
//! | `comments/<number>.md` | a comment, in the same format |
//! | `revisions/<post>-<version>.md` | a text that a post had before, in the same format |
//! | `drafts/<number>.md` | a draft in the same format |
//! | `pages/<address>.md` | a static page in the same format |
//! | `redirects/<number>.toml` | redirects from old addresses |
//! | `media/…` | pictures |
//!
//! The export of an unchanged site is always identical, byte for byte.

use std::{io, path::PathBuf};

use domain::data::import::{Counted, Named};
use shared::{error::AppError, forms::post::CONTENT_MAX};
use thiserror::Error;

mod export;
mod external_format;
pub(crate) mod front_matter;
mod ghost;
mod growth;
mod html;
mod import;
mod notes;
mod wordpress;

pub use export::{Exported, export};
pub use import::import;
pub use notes::Note;

/// The entry that identifies a file as our export.
const MARK: &str = "broadsheet.toml";
/// The export format that this version writes and reads.
const FORMAT: u32 = 1;
/// The maximum size of a text in bytes: four times the maximum number of characters, with four bytes each.
const TEXT_MAX: u64 = 4 * 4 * CONTENT_MAX as u64;
const PEOPLE: &str = "people/";
const POSTS: &str = "posts/";
const COMMENTS: &str = "comments/";
const REVISIONS: &str = "revisions/";
const DRAFTS: &str = "drafts/";
const PAGES: &str = "pages/";
const REDIRECTS: &str = "redirects/";
const MEDIA: &str = "media/";

/// An error of an export or import.
#[derive(Debug, Error)]
pub enum TransferError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The file already exists.
    #[error("{0} already exists")]
    There(PathBuf),
    /// The file cannot be imported.
    #[error("{0} cannot be imported: {1}")]
    Unfit(PathBuf, String),
    /// The site cannot be read or written; the cause is in the log.
    #[error("{}", .0.advice())]
    Site(AppError),
}

impl From<AppError> for TransferError {
    fn from(error: AppError) -> Self {
        Self::Site(error)
    }
}

impl TransferError {
    /// Returns whether another file can resolve the error.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Site(_))
    }
}

/// The result of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The people.
    pub people: Counted,
    /// The posts.
    pub posts: Counted,
    /// The texts that posts had before.
    pub revisions: Counted,
    /// The comments.
    pub comments: Counted,
    /// The drafts.
    pub drafts: Counted,
    /// The static pages.
    pub pages: Counted,
    /// The redirects.
    pub redirects: Counted,
    /// The number of picture files.
    pub pictures: usize,
    /// The number of pictures in texts that are still at their old address.
    pub elsewhere: usize,
    /// The titles of texts that were nested more deeply than is supported.
    pub flattened: Vec<String>,
    /// The added people whose names differ from those in the file because these were taken.
    pub renamed: Vec<Named>,
    /// The names of people who were added without the password in the file.
    pub passwords_left_out: Vec<String>,
    /// The changes and losses.
    pub notes: Vec<Note>,
}

impl Imported {
    /// Adds the result of another file.
    fn add(&mut self, other: Self) {
        self.people.add(other.people);
        self.posts.add(other.posts);
        self.revisions.add(other.revisions);
        self.comments.add(other.comments);
        self.drafts.add(other.drafts);
        self.pages.add(other.pages);
        self.redirects.add(other.redirects);
        self.pictures += other.pictures;
        self.elsewhere += other.elsewhere;
        self.flattened.extend(other.flattened);
        self.renamed.extend(other.renamed);
        self.passwords_left_out.extend(other.passwords_left_out);
        self.notes.extend(other.notes);
    }
}
