//! The files that the build has made for the browser. A release holds them itself; while it is being developed, the program
//! reads them from their folder.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// What `cargo leptos` has put into the site's folder, with what it has compressed beside it.
#[derive(RustEmbed)]
#[folder = "../target/site/"]
#[allow_missing = true]
#[exclude = "*.ts*"]
struct Site;

/// A file as it is sent.
pub(super) struct File {
    pub content: Cow<'static, [u8]>,
    /// How it is compressed, as the header `Content-Encoding` names it.
    pub encoding: Option<&'static str>,
}

/// The file at `path`, compressed in the best way that `accepted` allows (RFC 9110, 12.5.3).
pub(super) fn get(path: &str, accepted: &str) -> Option<File> {
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
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

/// Whether a browser that sends `accepted` takes this encoding.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

/// The name of the file in `folder` that begins with `begin` and ends with `.` and `kind`: the build puts a hash between
/// them.
pub(super) fn named(folder: &str, begin: &str, kind: &str) -> Option<String> {
    Site::iter().find_map(|path| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?;
        let middle = name.strip_prefix(begin)?.strip_suffix(kind)?.strip_suffix('.')?;
        // `name.kind`, or `name.hash.kind`.
        let is_hash = middle.is_empty() || middle.strip_prefix('.').is_some_and(|hash| !hash.contains('.'));
        is_hash.then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_what_it_can_read() {
        for (accepted, br, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("br;q=1.0, gzip;q=0.8", true, true),
            ("br;q=0, GZIP", false, true),
            ("gzip;q=0.0", false, false),
            ("identity", false, false),
            ("", false, false),
        ] {
            assert_eq!(
                (accepts(accepted, "br"), accepts(accepted, "gzip")),
                (br, gzip),
                "{accepted}"
            );
        }
    }
}
