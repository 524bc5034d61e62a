//! Imports files into a site. Everything is read and checked before anything is written, so that a file with an error
//! changes nothing.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    mem,
    path::{Path, PathBuf},
};

use domain::{
    Scope,
    data::{
        import::{self, Numbers},
        interchange::Person,
    },
};
use time::OffsetDateTime;

use self::archive::{Archive, Checked};
use super::{Imported, TransferError, external_format::ExternalSite, ghost, wordpress};
use crate::cli::progress::Progress;

mod archive;

/// The number of texts that are added at a time.
const BATCH: usize = 50;
/// The number of redirects that are added at a time.
const REDIRECTS: usize = 1_000;
/// The maximum size in bytes of a file of another system, and of all such files together, because each is read into
/// memory.
const FILES_MAX: u64 = 1 << 30;

/// Imports the files at `paths` in this order. Roles and passwords are imported only if they are `trusted`. Each file
/// is our ZIP file, an XML file of WordPress or a JSON file of Ghost; XML files of the same site are combined. A file
/// of Ghost does not contain the address of the site, which may be given as `from`.
///
/// # Errors
/// Returns an error if the import fails. Everything that was added before remains, and is skipped when the import is
/// repeated.
pub async fn import(
    scope: &Scope,
    paths: &[PathBuf],
    trusted: bool,
    from: Option<&str>,
    progress: &Progress,
) -> Result<Imported, TransferError> {
    let mut sources = Vec::new();
    let mut remaining = FILES_MAX;
    for path in paths {
        let source = read(path, from, scope.state.clock.now(), &mut remaining)?;
        add_source(&mut sources, source, path);
    }
    let mut sites = Vec::with_capacity(sources.len());
    for (source, path) in sources {
        let site = check(scope, source, &path).await?;
        sites.push((site, path));
    }
    let mut imported = Imported::default();
    let mut failed = None;
    for (site, path) in sites {
        match site.add(scope, &path, trusted, progress).await {
            Ok(added) => imported.add(added),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    import::finish(scope).await?;
    failed.map_or(Ok(imported), Err)
}

/// The content of a single file.
enum Source {
    Ours(Archive),
    WordPress(Vec<wordpress::Part>),
    Ghost(Box<ExternalSite>),
}

/// A site that can be added.
enum Site {
    Ours(Box<Checked>),
    ExternalSite(Box<ExternalSite>),
}

impl Site {
    fn people(&self) -> &[Person] {
        match self {
            Self::Ours(site) => &site.people,
            Self::ExternalSite(site) => &site.people,
        }
    }

    /// Adds everything that does not exist yet, from the file at `path`.
    async fn add(
        self,
        scope: &Scope,
        path: &Path,
        trusted: bool,
        progress: &Progress,
    ) -> Result<Imported, TransferError> {
        // People are checked again, because a preceding file may have added some.
        for person in self.people() {
            refuse_clash(scope, path, person).await?;
        }
        match self {
            Self::Ours(site) => site.add(scope, trusted, progress).await,
            Self::ExternalSite(site) => add(scope, *site, progress).await,
        }
    }
}

/// Reads the file at `path`. A file of another system may have at most `remaining` bytes.
fn read(
    path: &Path,
    from: Option<&str>,
    now: OffsetDateTime,
    remaining: &mut u64,
) -> Result<Source, TransferError> {
    let unreadable = |error| TransferError::File(path.to_owned(), error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut begin = [0; 4];
    let read = file.read(&mut begin).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if begin.get(..read).is_some_and(|begin| begin == b"PK\x03\x04") {
        return Archive::open(path, file).map(Source::Ours);
    }
    let unfit = |why: String| TransferError::Unfit(path.to_owned(), why);
    let mut bytes = Vec::new();
    let read = file.take(*remaining + 1).read_to_end(&mut bytes);
    let Some(rest) = remaining.checked_sub(read.map_err(unreadable)? as u64) else {
        return Err(unfit(format!(
            "the files of one import have more than {FILES_MAX} bytes"
        )));
    };
    *remaining = rest;
    let text = characters(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next() {
        Some('<') => {
            let part = wordpress::Part::read(text).map_err(|why| unfit(why.to_owned()))?;
            Ok(Source::WordPress(vec![part]))
        }
        Some('{') => Ok(Source::Ghost(Box::new(
            ghost::read(text, from, now).map_err(unfit)?,
        ))),
        _ => Err(unfit(
            "it is not a ZIP file from this program, an XML file from WordPress or a JSON file from Ghost"
                .to_owned(),
        )),
    }
}

/// Adds the `source` at `path`. A part of a WordPress site is combined with the other parts of the same site.
fn add_source(sources: &mut Vec<(Source, PathBuf)>, source: Source, path: &Path) {
    let Source::WordPress(mut part) = source else {
        return sources.push((source, path.to_owned()));
    };
    let same = sources.iter_mut().find_map(|(source, _)| match source {
        Source::WordPress(parts) => {
            let belongs = parts
                .first()
                .zip(part.first())
                .is_some_and(|(one, other)| one.belongs_to(other));
            belongs.then_some(parts)
        }
        Source::Ours(_) | Source::Ghost(_) => None,
    });
    match same {
        Some(parts) => parts.append(&mut part),
        None => sources.push((Source::WordPress(part), path.to_owned())),
    }
}

/// Checks that everything in `source` can be added.
async fn check(scope: &Scope, source: Source, path: &Path) -> Result<Site, TransferError> {
    let site = match source {
        Source::Ours(archive) => return archive.check(scope).await.map(|site| Site::Ours(Box::new(site))),
        Source::WordPress(parts) => Box::new(wordpress::site(parts, scope.state.clock.now())),
        Source::Ghost(site) => site,
    };
    for person in &site.people {
        refuse_clash(scope, path, person).await?;
    }
    Ok(Site::ExternalSite(site))
}

/// Decodes `bytes` as UTF-16 if they begin with a byte order mark, and as UTF-8 otherwise. Invalid sequences are
/// replaced.
fn characters(bytes: Vec<u8>) -> String {
    let pairs = |of: fn([u8; 2]) -> u16| {
        let (pairs, _) = bytes.as_chunks();
        let units = pairs.iter().skip(1).map(|pair| of(*pair));
        let characters = char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER));
        characters.collect()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        _ => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        },
    }
}

/// Adds everything of a site of another system that does not exist yet.
async fn add(scope: &Scope, mut site: ExternalSite, progress: &Progress) -> Result<Imported, TransferError> {
    let mut numbers = Numbers::default();
    let people = import::people(scope, &mut numbers, mem::take(&mut site.people), false).await?;
    let mut imported = Imported {
        elsewhere: site.elsewhere,
        people: people.counted,
        renamed: site.renamed(people.named),
        flattened: mem::take(&mut site.flattened),
        notes: mem::take(&mut site.notes).into_vec(),
        ..Imported::default()
    };
    let all = site.posts.len();
    for (number, some) in site.posts.chunks(BATCH).enumerate() {
        let counted = import::posts(scope, &mut numbers, some.to_vec()).await?;
        imported.posts.add(counted);
        progress.show("posts", (number * BATCH + some.len()).min(all), all);
    }
    for some in numbers.take_comments().chunks(BATCH) {
        let counted = import::comments(scope, &mut numbers, some.to_vec()).await?;
        imported.comments.add(counted);
    }
    imported.drafts = import::drafts(scope, &mut numbers, site.drafts).await?;
    for some in site.pages.chunks(BATCH) {
        let counted = import::pages(scope, &mut numbers, some.to_vec()).await?;
        imported.pages.add(counted);
    }
    let redirects = numbers.take_redirects(scope.state.clock.now());
    for some in redirects.chunks(REDIRECTS) {
        imported
            .redirects
            .add(import::redirects(scope, some.to_vec()).await?);
    }
    progress.finish();
    Ok(imported)
}

/// Returns an error if another account here has the email address of `person` without having confirmed it, because it
/// may belong to either.
async fn refuse_clash(scope: &Scope, path: &Path, person: &Person) -> Result<(), TransferError> {
    match import::clash(scope, person).await? {
        Some(holder) => Err(TransferError::Unfit(
            path.to_owned(),
            format!(
                "{} has the email address {}, which {holder} has here but has not confirmed",
                person.username, person.email
            ),
        )),
        None => Ok(()),
    }
}
