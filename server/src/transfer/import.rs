//! Into the site. Everything is read once before anything is written, so that a file with a fault changes nothing.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    mem,
    path::{Path, PathBuf},
};

use domain::{
    AppState,
    data::{
        import::{self, Numbers},
        interchange::{self, Draft, Person, Post},
    },
    media,
    platform::first_origin,
};
use serde::{Deserialize, de::DeserializeOwned};
use zip::ZipArchive;

use super::{
    DRAFTS, FORMAT, Imported, MARK, MEDIA, PEOPLE, POSTS, TEXT_MAX, TransferError, foreign::Foreign,
    front_matter, ghost, wordpress,
};
use crate::progress::Progress;

/// So many texts are added at a time.
const BATCH: usize = 50;
/// No file of another system has more: it is read as a whole.
const FILE_MAX: u64 = 1 << 30;

/// Imports the file `path`, with roles and passwords if it is `trusted`: a ZIP file of ours, an XML file of WordPress or a JSON
/// file of Ghost, whichever it is. The last does not say where the site was: `from` does, if that is known.
///
/// # Errors
/// What prevents it. What was added until then stays, and is found when the import is begun again.
pub async fn import(
    state: &AppState,
    path: &Path,
    trusted: bool,
    from: Option<&str>,
    progress: &Progress,
) -> Result<Imported, TransferError> {
    let unreadable = |error| TransferError::File(path.to_owned(), error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut begin = [0; 4];
    let read = file.read(&mut begin).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if begin.get(..read).is_some_and(|begin| begin == b"PK\x03\x04") {
        let added = Archive::open(path, file)?.import(state, trusted, progress).await;
        import::finish(state).await?;
        return added;
    }
    let unfit = |why: String| TransferError::Unfit(path.to_owned(), why);
    let mut bytes = Vec::new();
    let read = file.take(FILE_MAX + 1).read_to_end(&mut bytes);
    if read.map_err(unreadable)? as u64 > FILE_MAX {
        return Err(unfit(format!("it has more than {FILE_MAX} bytes")));
    }
    let text = characters(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let site = match text.chars().next() {
        Some('<') => wordpress::read(text).map_err(unfit)?,
        Some('{') => ghost::read(text, from).map_err(unfit)?,
        _ => {
            return Err(unfit(
                "it is neither a ZIP file of this program, nor an XML file of WordPress, nor a JSON file of Ghost"
                    .to_owned(),
            ));
        }
    };
    let added = foreign(state, path, site, progress).await;
    import::finish(state).await?;
    added
}

/// `bytes` as text, whatever of it is none: UTF-16 with the mark that tells it, else UTF-8.
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

async fn foreign(
    state: &AppState,
    path: &Path,
    mut site: Foreign,
    progress: &Progress,
) -> Result<Imported, TransferError> {
    for person in &site.people {
        refuse_clash(state, path, person).await?;
    }
    let mut numbers = Numbers::default();
    let people = import::people(state, &mut numbers, mem::take(&mut site.people), false).await?;
    let mut imported = Imported {
        elsewhere: site.elsewhere,
        people: people.counted,
        renamed: site.renamed(people.named),
        flattened: site.flattened,
        notes: site.notes,
        ..Imported::default()
    };
    let all = site.posts.len();
    for (number, some) in site.posts.chunks(BATCH).enumerate() {
        let counted = import::posts(state, &mut numbers, some.to_vec()).await?;
        imported.posts.add(counted);
        progress.show("posts", (number * BATCH + some.len()).min(all), all);
    }
    imported.drafts = import::drafts(state, &numbers, site.drafts).await?;
    progress.finish();
    Ok(imported)
}

#[derive(Deserialize)]
struct Mark {
    format: u32,
    first_origin: Option<String>,
}

/// A ZIP file of ours.
struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    first_origin: Option<String>,
}

impl Archive {
    fn open(path: &Path, file: File) -> Result<Self, TransferError> {
        let unfit = |why: String| TransferError::Unfit(path.to_owned(), why);
        let zip = ZipArchive::new(BufReader::new(file))
            .map_err(|error| unfit(format!("it is no whole ZIP file ({error})")))?;
        if zip.has_duplicate_names() {
            return Err(unfit("two of its files have one name".to_owned()));
        }
        let mut archive = Self {
            path: path.to_owned(),
            zip,
            first_origin: None,
        };
        if !archive.names(MARK).iter().any(|name| name == MARK) {
            return Err(unfit(
                "it is no export of this program; a backup is brought back by `broadsheet restore`"
                    .to_owned(),
            ));
        }
        let mark: Mark = archive.toml(MARK)?;
        if mark.format != FORMAT {
            return Err(unfit("a newer version has written it".to_owned()));
        }
        archive.first_origin = mark.first_origin;
        if archive
            .first_origin
            .as_deref()
            .is_some_and(|origin| !first_origin::is_origin(origin))
        {
            return Err(archive.unfit("the address by which it names its posts is none"));
        }
        Ok(archive)
    }

    async fn import(
        mut self,
        state: &AppState,
        trusted: bool,
        progress: &Progress,
    ) -> Result<Imported, TransferError> {
        let (mut people, mut pictures) = (Vec::new(), Vec::new());
        let mut addresses: HashMap<String, String> = HashMap::new();
        for name in self.names(PEOPLE) {
            let person: Person = self.toml(&name)?;
            let person = import::tidy(person).map_err(|error| self.refused(&name, &error))?;
            refuse_clash(state, &self.path, &person).await?;
            let key = person.email.to_lowercase();
            if let Some(other) = addresses.insert(key, person.username.clone()) {
                let both = format!("{other} and {} have the same address", person.username);
                return Err(self.unfit(&both));
            }
            pictures.extend(interchange::files(person.picture.clone(), &person.images));
            people.push(person);
        }
        for path in &pictures {
            let name = format!("{MEDIA}{path}");
            if self.zip.index_for_name(&name).is_some()
                && !is_picture(path, &self.bytes(&name, media::FILE_MAX)?)
            {
                return Err(self.unfit(&format!("{name} is no picture")));
            }
        }
        let (posts, drafts) = (self.names(POSTS), self.names(DRAFTS));
        for name in &posts {
            self.text::<Post>(name)?;
        }
        for name in &drafts {
            self.text::<Draft>(name)?;
        }

        if let Some(origin) = self.first_origin.as_ref().filter(|_| trusted) {
            first_origin::adopt(state, origin).await?;
        }
        let mut imported = Imported::default();
        for path in pictures {
            let name = format!("{MEDIA}{path}");
            // One that the site had lost was not exported.
            if self.zip.index_for_name(&name).is_some() {
                let content = self.bytes(&name, media::FILE_MAX)?;
                imported.pictures += usize::from(import::picture(state, &path, content).await?);
            }
        }
        let mut numbers = Numbers::default();
        let people = import::people(state, &mut numbers, people, trusted).await?;
        imported.people = people.counted;
        imported.renamed = people.named;
        imported.renamed.retain(|person| person.from != person.to);
        imported.passwords_left_out = people.passwords_left_out;
        for (number, names) in posts.chunks(BATCH).enumerate() {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (post, content) = self.text::<Post>(name)?;
                some.push(Post { content, ..post });
            }
            let counted = import::posts(state, &mut numbers, some).await?;
            imported.posts.add(counted);
            progress.show(
                "posts",
                (number * BATCH + names.len()).min(posts.len()),
                posts.len(),
            );
        }
        for names in drafts.chunks(BATCH) {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (draft, content) = self.text::<Draft>(name)?;
                some.push(Draft { content, ..draft });
            }
            imported.drafts.add(import::drafts(state, &numbers, some).await?);
        }
        progress.finish();
        Ok(imported)
    }

    /// The entries whose names begin with `prefix`, in the order of their numbers, else of their names.
    fn names(&self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .zip
            .file_names()
            .filter_map(Result::ok)
            .filter(|name| name.starts_with(prefix) && !name.ends_with('/'))
            .map(std::borrow::Cow::into_owned)
            .collect();
        let number = |name: &String| {
            let rest = name.strip_prefix(prefix).unwrap_or_default();
            let digits = rest.split(['-', '.']).next().unwrap_or_default();
            digits.parse::<u64>().unwrap_or(u64::MAX)
        };
        names.sort_by_cached_key(|name| (number(name), name.clone()));
        names
    }

    fn bytes(&mut self, name: &str, most: u64) -> Result<Vec<u8>, TransferError> {
        let mut bytes = Vec::new();
        let read = match self.zip.by_name(name) {
            Ok(entry) => entry
                .take(most + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let read = read.map_err(|error| self.unfit(&format!("{name}: {error}")))?;
        if read as u64 > most {
            return Err(self.unfit(&format!("{name} has more than {most} bytes")));
        }
        Ok(bytes)
    }

    fn string(&mut self, name: &str) -> Result<String, TransferError> {
        let bytes = self.bytes(name, TEXT_MAX)?;
        String::from_utf8(bytes).map_err(|_| self.unfit(&format!("{name} is no UTF-8")))
    }

    fn toml<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, TransferError> {
        let text = self.string(name)?;
        toml::from_str(&text).map_err(|error| self.unfit(&format!("{name}: {}", error.message())))
    }

    fn text<T: DeserializeOwned>(&mut self, name: &str) -> Result<(T, String), TransferError> {
        let file = self.string(name)?;
        front_matter::read(&file).map_err(|error| self.unfit(&format!("{name}: {error}")))
    }

    fn refused(&self, name: &str, error: &shared::error::AppError) -> TransferError {
        let why = match error {
            shared::error::AppError::Invalid(errors) => {
                let texts: Vec<String> = errors.iter().map(shared::forms::FieldError::text).collect();
                texts.join("; ")
            }
            other => other.title().to_owned(),
        };
        self.unfit(&format!("{name}: {why}"))
    }

    fn unfit(&self, why: &str) -> TransferError {
        TransferError::Unfit(self.path.clone(), why.to_owned())
    }
}

/// An address that somebody else has here, who has not confirmed it, may be either's.
async fn refuse_clash(state: &AppState, path: &Path, person: &Person) -> Result<(), TransferError> {
    match import::clash(state, person).await? {
        Some(holder) => Err(TransferError::Unfit(
            path.to_owned(),
            format!(
                "{} has the address {}, which {holder} has here without having confirmed it",
                person.username, person.email
            ),
        )),
        None => Ok(()),
    }
}

/// Whether `content` is what its name says: the server tells browsers so.
fn is_picture(path: &str, content: &[u8]) -> bool {
    match path.rsplit('.').next() {
        Some("jpg") => content.starts_with(&[0xff, 0xd8, 0xff]),
        Some("webp") => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        _ => false,
    }
}
