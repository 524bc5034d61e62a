//! The static files that the build has created. A release embeds them; during development, the program reads them from
//! their folder.

use std::borrow::Cow;

use domain::platform::digest::sha256;
use rust_embed::RustEmbed;

use crate::http::accept_encoding::AcceptEncoding;

/// The number of characters of a version.
const VERSION: usize = 16;

/// The files that `frontend/build.mjs` has put into the site's folder, with their compressed forms.
#[derive(RustEmbed)]
#[folder = "../target/site/"]
#[allow_missing = true]
#[exclude = "*.ts*"]
struct Site;

/// A file as it is sent.
pub(super) struct File {
    pub content: Cow<'static, [u8]>,
    /// The compression, as the value of the header `Content-Encoding`.
    pub encoding: Option<&'static str>,
}

/// Returns the file at `path`, in the best compression that `accepted` allows (RFC 9110, 12.5.3).
pub(super) fn get(path: &str, accepted: &AcceptEncoding<'_>) -> Option<File> {
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.accepts(encoding))
        .find_map(|(encoding, ending)| {
            Some(File {
                content: Site::get(&format!("{path}{ending}"))?.data,
                encoding: Some(encoding),
            })
        })
        .or_else(|| {
            Some(File {
                content: Site::get(path)?.data,
                encoding: None,
            })
        })
}

/// Returns a version, which changes with any file in `folder`.
pub(super) fn version(folder: &str) -> String {
    let mut known = String::new();
    // Compressed files are left out, because they do not add information but may contain the time of compression.
    let is_made = |path: &str| matches!(path.rsplit('.').next(), Some("br" | "gz"));
    let mut paths: Vec<_> = Site::iter()
        .filter(|path| path.starts_with(folder) && !is_made(path))
        .collect();
    paths.sort();
    for path in paths {
        if let Some(file) = Site::get(&path) {
            let hash = file.metadata.sha256_hash().map(|byte| format!("{byte:02x}"));
            known.extend([path.as_ref(), &hash.concat(), "\n"]);
        }
    }
    let mut version = sha256(known);
    version.truncate(VERSION);
    version
}
