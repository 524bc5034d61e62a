//! Reads our ZIP files.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use domain::{
    Scope,
    administration::settings::{self, Unused},
    data::{
        import::{self, Numbers},
        interchange::{self, Draft, ExportedComment, Page, Person, Post, Redirects, Revision},
    },
    media,
    platform::first_origin,
};
use serde::{Deserialize, de::DeserializeOwned};
use zip::ZipArchive;

use super::{BATCH, refuse_clash};
use crate::cli::progress::Progress;
use crate::transfer::{
    COMMENTS, DRAFTS, FORMAT, Imported, MARK, MEDIA, Note, PAGES, PEOPLE, POSTS, REDIRECTS, REVISIONS,
    TEXT_MAX, TransferError, front_matter,
};

#[derive(Deserialize)]
struct Mark {
    format: u32,
    first_origin: Option<String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

/// One of our ZIP files.
pub(super) struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    first_origin: Option<String>,
    settings: BTreeMap<String, String>,
}

impl Archive {
    /// Opens `file`.
    pub(super) fn open(path: &Path, file: File) -> Result<Self, TransferError> {
        let unfit = |why: String| TransferError::Unfit(path.to_owned(), why);
        let zip = ZipArchive::new(BufReader::new(file))
            .map_err(|error| unfit(format!("it is not a complete ZIP file ({error})")))?;
        if zip.has_duplicate_names() {
            return Err(unfit("two of its files have the same name".to_owned()));
        }
        let mut archive = Self {
            path: path.to_owned(),
            zip,
            first_origin: None,
            settings: BTreeMap::new(),
        };
        if !archive.names(MARK).iter().any(|name| name == MARK) {
            return Err(unfit(
                "it is not an export from this program; to restore a backup, run `broadsheet restore`"
                    .to_owned(),
            ));
        }
        let mark: Mark = archive.toml(MARK)?;
        if mark.format != FORMAT {
            return Err(unfit("it was written by a newer version".to_owned()));
        }
        archive.first_origin = mark.first_origin;
        archive.settings = mark.settings;
        if archive
            .first_origin
            .as_deref()
            .is_some_and(|origin| !first_origin::is_origin(origin))
        {
            return Err(archive.unfit("the site address in its post ids is not valid"));
        }
        Ok(archive)
    }

    /// Reads everything once, so that a file with an error changes nothing.
    pub(super) async fn check(mut self, scope: &Scope) -> Result<Checked, TransferError> {
        let (mut people, mut pictures) = (Vec::new(), Vec::new());
        let mut addresses: HashMap<String, String> = HashMap::new();
        for name in self.names(PEOPLE) {
            let person: Person = self.toml(&name)?;
            let person = import::tidy(person).map_err(|error| self.refused(&name, &error))?;
            refuse_clash(scope, &self.path, &person).await?;
            let key = person.email.to_lowercase();
            if let Some(other) = addresses.insert(key, person.username.clone()) {
                let both = format!("{other} and {} have the same email address", person.username);
                return Err(self.unfit(&both));
            }
            pictures.extend(interchange::files(person.picture.clone(), &person.images));
            people.push(person);
        }
        pictures.extend(settings::files(&self.settings));
        for path in &pictures {
            let name = format!("{MEDIA}{path}");
            if self.zip.index_for_name(&name).is_some()
                && !is_picture(path, &self.bytes(&name, media::FILE_MAX)?)
            {
                return Err(self.unfit(&format!("{name} is not a picture")));
            }
        }
        let (posts, drafts) = (self.names(POSTS), self.names(DRAFTS));
        for name in &posts {
            self.document::<Post>(name)?;
        }
        for name in &drafts {
            self.document::<Draft>(name)?;
        }
        let revisions = self.names(REVISIONS);
        for name in &revisions {
            self.document::<Revision>(name)?;
        }
        let comments = self.names(COMMENTS);
        for name in &comments {
            self.document::<ExportedComment>(name)?;
        }
        let (pages, redirects) = (self.names(PAGES), self.names(REDIRECTS));
        for name in &pages {
            self.document::<Page>(name)?;
        }
        for name in &redirects {
            self.toml::<Redirects>(name)?;
        }
        Ok(Checked {
            archive: self,
            people,
            pictures,
            posts,
            revisions,
            comments,
            drafts,
            pages,
            redirects,
        })
    }

    /// Returns the entries whose names begin with `prefix`, sorted by number and then by name.
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
        String::from_utf8(bytes).map_err(|_| self.unfit(&format!("{name} is not UTF-8")))
    }

    fn toml<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, TransferError> {
        let text = self.string(name)?;
        toml::from_str(&text).map_err(|error| self.unfit(&format!("{name}: {}", error.message())))
    }

    fn document<T: DeserializeOwned>(&mut self, name: &str) -> Result<(T, String), TransferError> {
        let file = self.string(name)?;
        front_matter::read(&file).map_err(|error| self.unfit(&format!("{name}: {error}")))
    }

    fn refused(&self, name: &str, error: &shared::error::AppError) -> TransferError {
        let why = match error {
            shared::error::AppError::Invalid(errors) => {
                let texts: Vec<String> = errors.iter().map(shared::forms::FieldError::message).collect();
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

/// A ZIP file that has been checked, with lists of its contents.
pub(super) struct Checked {
    archive: Archive,
    pub people: Vec<Person>,
    pictures: Vec<String>,
    posts: Vec<String>,
    revisions: Vec<String>,
    comments: Vec<String>,
    drafts: Vec<String>,
    pages: Vec<String>,
    redirects: Vec<String>,
}

impl Checked {
    /// Adds everything that does not exist yet.
    pub(super) async fn add(
        self,
        scope: &Scope,
        trusted: bool,
        progress: &Progress,
    ) -> Result<Imported, TransferError> {
        let Self {
            mut archive,
            people,
            pictures,
            posts,
            revisions,
            comments,
            drafts,
            pages,
            redirects,
        } = self;
        if let Some(origin) = archive.first_origin.as_ref().filter(|_| trusted) {
            first_origin::adopt(&scope.state, origin).await?;
        }
        let mut imported = Imported::default();
        for path in pictures {
            let name = format!("{MEDIA}{path}");
            // A picture that was missing in the exported site is missing in the file as well.
            if archive.zip.index_for_name(&name).is_some() {
                let content = archive.bytes(&name, media::FILE_MAX)?;
                imported.pictures += usize::from(import::picture(scope, &path, content).await?);
            }
        }
        let mut numbers = Numbers::default();
        let people = import::people(scope, &mut numbers, people, trusted).await?;
        imported.people = people.counted;
        imported.renamed = people.named;
        imported.renamed.retain(|person| person.from != person.to);
        imported.passwords_left_out = people.passwords_left_out;
        for (number, names) in posts.chunks(BATCH).enumerate() {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (post, content) = archive.document::<Post>(name)?;
                some.push(Post { content, ..post });
            }
            let counted = import::posts(scope, &mut numbers, some).await?;
            imported.posts.add(counted);
            progress.show(
                "posts",
                (number * BATCH + names.len()).min(posts.len()),
                posts.len(),
            );
        }
        for names in revisions.chunks(BATCH) {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (revision, content) = archive.document::<Revision>(name)?;
                some.push(Revision { content, ..revision });
            }
            imported
                .revisions
                .add(import::revisions(scope, &numbers, some).await?);
        }
        for names in comments.chunks(BATCH) {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (comment, content) = archive.document::<ExportedComment>(name)?;
                some.push(numbers.on_post(ExportedComment { content, ..comment }));
            }
            imported
                .comments
                .add(import::comments(scope, &mut numbers, some).await?);
        }
        for names in drafts.chunks(BATCH) {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (draft, content) = archive.document::<Draft>(name)?;
                some.push(Draft { content, ..draft });
            }
            imported
                .drafts
                .add(import::drafts(scope, &mut numbers, some).await?);
        }
        for names in pages.chunks(BATCH) {
            let mut some = Vec::with_capacity(names.len());
            for name in names {
                let (page, content) = archive.document::<Page>(name)?;
                some.push(Page { content, ..page });
            }
            imported
                .pages
                .add(import::pages(scope, &mut numbers, some).await?);
        }
        // After the pictures and pages that they refer to.
        imported.notes = unused_settings(scope, archive.settings.clone(), trusted).await?;
        for name in redirects {
            let file: Redirects = archive.toml(&name)?;
            imported
                .redirects
                .add(import::redirects(scope, file.redirects).await?);
        }
        progress.finish();
        Ok(imported)
    }
}

/// Returns whether `content` has the type that the file name indicates, because the server sends the type by the name.
fn is_picture(path: &str, content: &[u8]) -> bool {
    match path.rsplit('.').next() {
        Some("jpg") => content.starts_with(&[0xff, 0xd8, 0xff]),
        Some("png") => content.starts_with(b"\x89PNG\r\n\x1a\n"),
        Some("webp") => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        _ => false,
    }
}

/// Adopts the settings of the site if they are `trusted`, and returns a note for each that is not used.
async fn unused_settings(
    scope: &Scope,
    settings: BTreeMap<String, String>,
    trusted: bool,
) -> Result<Vec<Note>, TransferError> {
    let note = |name: String, what: &'static str| Note {
        title: String::new(),
        what: what.into(),
        which: name,
        count: 1,
    };
    if !trusted {
        let names = settings.into_keys();
        return Ok(names
            .map(|name| note(name, "setting left out without --trust"))
            .collect());
    }
    let Unused { different, invalid } = settings::import(scope, settings).await?;
    let different = different
        .into_iter()
        .map(|name| note(name, "setting left as it is here"));
    let invalid = invalid
        .into_iter()
        .map(|name| note(name, "setting left out because it is not known here or not valid"));
    Ok(different.chain(invalid).collect())
}
