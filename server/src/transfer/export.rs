//! Exports a site or the data of one user.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use domain::{
    Scope,
    administration::settings,
    data::{
        export::{self, Selection},
        interchange::Redirects,
    },
    platform::first_origin,
};
use serde::Serialize;
use shared::{
    error::AppError,
    model::media::{Avatar, PictureSize},
};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    COMMENTS, DRAFTS, FORMAT, MARK, MEDIA, PAGES, PEOPLE, POSTS, REDIRECTS, REVISIONS, TransferError,
    front_matter,
};
use crate::cli::progress::Progress;

/// The result of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// The number of people.
    pub people: usize,
    /// The number of posts.
    pub posts: usize,
    /// The number of texts that posts had before.
    pub revisions: usize,
    /// The number of comments.
    pub comments: usize,
    /// The number of drafts.
    pub drafts: usize,
    /// The number of static pages.
    pub pages: usize,
    /// The number of redirects.
    pub redirects: usize,
    /// The number of picture files.
    pub pictures: usize,
}

#[derive(Serialize)]
struct Mark {
    format: u32,
    /// The origin in the ids of posts in feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_origin: Option<String>,
    /// The settings of the site that administrators have changed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    settings: BTreeMap<String, String>,
}

/// Writes the data that `selection` selects into the new file `target`.
///
/// # Errors
/// Returns an error if the data cannot be read or written. The file does not exist in this case.
pub async fn export(
    scope: &Scope,
    selection: Selection,
    target: &Path,
    progress: &Progress,
) -> Result<Exported, TransferError> {
    if target.exists() {
        return Err(TransferError::There(target.to_owned()));
    }
    let mut writer = ExportWriter::new(target)?;
    let mut exported = Exported::default();
    let mark = Mark {
        format: FORMAT,
        first_origin: match selection {
            Selection::Site => first_origin::read(scope.state.db.reader())
                .await
                .map_err(AppError::from)?,
            Selection::Person(_) => None,
        },
        settings: match selection {
            Selection::Site => settings::export(scope).await?,
            Selection::Person(_) => BTreeMap::new(),
        },
    };
    writer.add(MARK.to_owned(), toml_of(&mark)?.as_bytes())?;
    let mut pictures = settings::files(&mark.settings);
    let mut after = 0;
    loop {
        let people = export::people(scope, selection, after).await?;
        let Some(last) = people.last().and_then(|person| person.id) else {
            break;
        };
        after = last;
        for person in people {
            let name = format!("{PEOPLE}{}.toml", person.username);
            writer.add(name, toml_of(&person)?.as_bytes())?;
            let squares = Avatar::from_name(person.picture)
                .map(|picture| PictureSize::ALL.map(|size| format!("picture/{}", picture.file(size))));
            pictures.extend(squares.into_iter().flatten());
            pictures.extend(person.images.iter().map(|image| format!("image/{}", image.name)));
            exported.people += 1;
        }
    }
    after = 0;
    loop {
        let posts = export::posts(scope, selection, after).await?;
        let Some(last) = posts.last().and_then(|post| post.id) else {
            break;
        };
        after = last;
        for post in posts {
            let name = format!("{POSTS}{}-{}.md", post.id.unwrap_or_default(), post.slug);
            writer.add_text(name, &post, &post.content)?;
            exported.posts += 1;
        }
        progress.count("posts", exported.posts);
    }
    exported.revisions = export_revisions(scope, selection, &mut writer).await?;
    exported.comments = export_comments(scope, selection, &mut writer, progress).await?;
    after = 0;
    loop {
        let drafts = export::drafts(scope, selection, after).await?;
        let Some(last) = drafts.last().and_then(|draft| draft.id) else {
            break;
        };
        after = last;
        for draft in drafts {
            let name = format!("{DRAFTS}{}.md", draft.id.unwrap_or_default());
            writer.add_text(name, &draft, &draft.content)?;
            exported.drafts += 1;
        }
    }
    if selection == Selection::Site {
        export_pages(scope, &mut writer, &mut exported).await?;
    }
    for (number, path) in pictures.iter().enumerate() {
        progress.show("pictures", number + 1, pictures.len());
        match scope.state.media.store.read_at(path).await {
            Ok(bytes) => writer.add(format!("{MEDIA}{path}"), &bytes)?,
            Err(AppError::NotFound) => {
                tracing::warn!(path, "a picture is missing");
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        exported.pictures += 1;
    }
    writer.finish()?;
    progress.finish();
    Ok(exported)
}

/// Writes the texts that posts had before, and returns their number.
async fn export_revisions(
    scope: &Scope,
    selection: Selection,
    writer: &mut ExportWriter,
) -> Result<usize, TransferError> {
    let (mut after, mut exported) = (0, 0);
    while let (revisions, Some(last)) = export::revisions(scope, selection, after).await? {
        after = last;
        exported += revisions.len();
        for revision in revisions {
            let name = format!("{REVISIONS}{}-{}.md", revision.post, revision.version);
            writer.add_text(name, &revision, &revision.content)?;
        }
    }
    Ok(exported)
}

/// Writes the comments, and returns their number.
async fn export_comments(
    scope: &Scope,
    selection: Selection,
    writer: &mut ExportWriter,
    progress: &Progress,
) -> Result<usize, TransferError> {
    let (mut after, mut exported) = (0, 0);
    while let (comments, Some(last)) = export::comments(scope, selection, after).await? {
        after = last;
        exported += comments.len();
        for comment in comments {
            let name = format!("{COMMENTS}{}.md", comment.id);
            writer.add_text(name, &comment, &comment.content)?;
        }
        progress.count("comments", exported);
    }
    Ok(exported)
}

/// Writes the static pages and the redirects, which belong to nobody.
async fn export_pages(
    scope: &Scope,
    writer: &mut ExportWriter,
    exported: &mut Exported,
) -> Result<(), TransferError> {
    let mut after = 0;
    loop {
        let pages = export::pages(scope, after).await?;
        let Some(last) = pages.last().and_then(|page| page.id) else {
            break;
        };
        after = last;
        for page in pages {
            writer.add_text(format!("{PAGES}{}.md", page.slug), &page, &page.content)?;
            exported.pages += 1;
        }
    }
    after = 0;
    while let (redirects, Some(last)) = export::redirects(scope, after).await? {
        after = last;
        exported.redirects += redirects.len();
        let name = format!("{REDIRECTS}{last}.toml");
        writer.add(name, toml_of(&Redirects { redirects })?.as_bytes())?;
    }
    Ok(())
}

fn toml_of(value: &impl Serialize) -> Result<String, TransferError> {
    toml::to_string(value).map_err(|error| {
        tracing::error!(%error, "an export");
        AppError::Internal.into()
    })
}

/// The ZIP file in progress.
struct ExportWriter {
    target: PathBuf,
    zip: Box<ZipWriter<BufWriter<NamedTempFile>>>,
}

impl ExportWriter {
    fn new(target: &Path) -> Result<Self, TransferError> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file =
            fs::create_dir_all(folder).and_then(|()| NamedTempFile::with_prefix_in(".export-", folder));
        let file = file.map_err(|error| TransferError::File(target.to_owned(), error))?;
        Ok(Self {
            target: target.to_owned(),
            zip: Box::new(ZipWriter::new(BufWriter::new(file))),
        })
    }

    fn add(&mut self, name: String, content: &[u8]) -> Result<(), TransferError> {
        let method = if name.starts_with(MEDIA) {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o600);
        let added = self.zip.start_file(name, options).map_err(io::Error::from);
        added
            .and_then(|()| self.zip.write_all(content))
            .map_err(|error| TransferError::File(self.target.clone(), error))
    }

    fn add_text(&mut self, name: String, head: &impl Serialize, content: &str) -> Result<(), TransferError> {
        let text = front_matter::write(head, content).map_err(|error| {
            tracing::error!(error, "an export");
            AppError::Internal
        })?;
        self.add(name, text.as_bytes())
    }

    fn finish(self) -> Result<(), TransferError> {
        let target = self.target;
        let finished = || -> io::Result<()> {
            let file = self
                .zip
                .finish()?
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            let file: File = file.persist_noclobber(&target).map_err(|error| error.error)?;
            drop(file);
            Ok(())
        };
        finished().map_err(|error| TransferError::File(target.clone(), error))
    }
}
