//! The files of the site's logo and icon.

use futures::future::try_join_all;

use super::{Folder, processing};
use crate::{
    Scope, media,
    platform::digest::{random, sha256},
};
use shared::{
    error::AppError,
    forms::{FieldErrors, FieldProblem},
    model::{
        site::Setting,
        site_image::{Icon, IconFile, Logo},
    },
};

/// Returns the paths of the files that the `value` of `setting` refers to.
#[must_use]
pub fn files(setting: Setting, value: &str) -> Vec<String> {
    match setting {
        Setting::Logo => {
            let logo = Logo::named(value);
            logo.iter().map(|logo| Folder::Site.path(logo.name())).collect()
        }
        Setting::Icon => Icon::named(value).as_ref().map(icon_files).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn icon_files(icon: &Icon) -> Vec<String> {
    let files = IconFile::ALL.iter();
    files.map(|file| Folder::Site.path(&icon.file(*file))).collect()
}

/// Stores the image in `upload` for `setting`, and returns the value that refers to it. The files are deleted after an
/// hour unless the setting gets this value.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if `upload` is not a usable image.
pub(crate) async fn store(scope: &Scope, setting: Setting, upload: Vec<u8>) -> Result<String, AppError> {
    let refused = |problem| AppError::from(FieldErrors::one(setting.field(), problem));
    let format = processing::format(&upload).map_err(refused)?;
    let processed = move || match setting {
        Setting::Icon => processing::icon(upload, format).map(Made::Icon),
        _ => processing::logo(upload, format).map(Made::Logo),
    };
    let outcome = scope.state.media.workers.run(processed).await?;
    let made = outcome.unwrap_or(Err(FieldProblem::Broken)).map_err(refused)?;
    let (value, contents) = made.named()?;
    let paths = files(setting, &value);
    media::reserve(scope.state.db.writer(), &paths, scope.state.clock.now()).await?;
    let store = &scope.state.media.store;
    let writing = paths.iter().zip(contents);
    try_join_all(writing.map(|(path, content)| store.write(path, content))).await?;
    Ok(value)
}

/// The files made of an image.
enum Made {
    Logo(processing::Scaled),
    /// The files in the order of [`IconFile::ALL`].
    Icon(Vec<Vec<u8>>),
}

impl Made {
    /// Returns a name, which changes with every upload, and the contents of the files.
    fn named(self) -> Result<(String, Vec<Vec<u8>>), AppError> {
        let random = random::<8>()?;
        let short = |mut digest: String| {
            digest.truncate(16);
            digest
        };
        Ok(match self {
            Self::Logo(logo) => {
                let content = short(sha256(&logo.file));
                let name = format!("{random}-{content}-{}-{}.{}", logo.width, logo.height, logo.kind);
                (name, vec![logo.file])
            }
            Self::Icon(files) => (format!("{random}-{}", short(sha256(files.concat()))), files),
        })
    }
}
