//! The URLs of stores: a folder or a bucket.

use std::{
    fmt::{Display, Formatter},
    path::PathBuf,
};

use object_store::path::Path as Key;
use url::Url;

use shared::forms::Secret;

const FOLDER: &str = "must be file:// and the full path of a folder, such as file:///srv/broadsheet/media, or s3:// and a bucket";
const BUCKET: &str = "s3:// must be followed by a bucket of 3 to 63 letters, digits, dots and hyphens";
const ENDPOINT: &str = "endpoint must be http:// or https:// and a host, such as https://s3.example.org";
const STYLE: &str = "style must be path or virtual";

/// The location of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageUrl {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket with the API of Amazon S3.
    Bucket(Box<Bucket>),
}

/// A bucket, optionally restricted to a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub(super) name: String,
    pub(super) prefix: Key,
    /// The endpoint; that of Amazon if there is none.
    pub(super) endpoint: Option<Url>,
    pub(super) region: Option<String>,
    /// Whether requests are virtual-hosted-style instead of path-style.
    pub(super) is_virtual: bool,
}

/// The credentials for a bucket.
#[derive(Debug, Clone)]
pub struct Keys {
    /// The access key id.
    pub id: String,
    /// The secret access key.
    pub secret: Secret,
}

impl StorageUrl {
    /// Parses `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…&style=path`.
    ///
    /// # Errors
    ///
    /// Returns the expected format. The message never repeats the URL, which may contain a secret.
    pub fn parse(address: &str) -> Result<Self, String> {
        if let Some(folder) = address.strip_prefix("file://") {
            let folder = Some(folder).filter(|folder| folder.starts_with('/'));
            return folder
                .map(PathBuf::from)
                .map(Self::Folder)
                .ok_or(FOLDER.to_owned());
        }
        let url = Url::parse(address).ok().filter(|url| url.scheme() == "s3");
        Bucket::from_url(&url.ok_or(FOLDER)?)
            .map(Box::new)
            .map(Self::Bucket)
    }

    /// Returns whether the store is accessed without TLS.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        match self {
            Self::Folder(_) => false,
            Self::Bucket(bucket) => bucket.is_plain_http(),
        }
    }
}

impl Display for StorageUrl {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(formatter, "the folder {}", folder.display()),
            Self::Bucket(bucket) => {
                write!(formatter, "the bucket {}", bucket.name)?;
                if !bucket.prefix.is_root() {
                    write!(formatter, "/{}", bucket.prefix)?;
                }
                match &bucket.endpoint {
                    Some(endpoint) => write!(formatter, " at {}", endpoint.origin().ascii_serialization()),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Bucket {
    /// Returns whether the bucket is accessed without TLS.
    pub(super) fn is_plain_http(&self) -> bool {
        self.endpoint.as_ref().is_some_and(is_plain)
    }

    fn from_url(url: &Url) -> Result<Self, String> {
        if !is_anonymous(url) || url.port().is_some() {
            return Err(
                "keys and hosts belong in their own settings and options: s3://bucket?endpoint=…".to_owned(),
            );
        }
        let name = url.host_str().filter(|name| is_name(name)).ok_or(BUCKET)?;
        let mut bucket = Self {
            name: name.to_owned(),
            prefix: Key::from_url_path(url.path()).map_err(|error| error.to_string())?,
            endpoint: None,
            region: None,
            is_virtual: false,
        };
        for (option, value) in url.query_pairs() {
            match option.as_ref() {
                "endpoint" => bucket.endpoint = Some(endpoint(&value).ok_or(ENDPOINT)?),
                "region" => bucket.region = Some(value.into_owned()),
                "style" if value == "path" => bucket.is_virtual = false,
                "style" if value == "virtual" => bucket.is_virtual = true,
                "style" => return Err(STYLE.to_owned()),
                _ => return Err("s3:// has the options endpoint, region and style".to_owned()),
            }
        }
        Ok(bucket)
    }
}

fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    (3..=63).contains(&name.len()) && name.bytes().all(is_plain)
}

fn endpoint(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && is_anonymous(&url);
    let is_web = url.scheme() == "https" || is_plain(&url);
    Some(url).filter(|url| is_bare && is_web && url.has_host())
}

/// Returns whether `url` has no user information and no fragment.
fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

fn is_plain(url: &Url) -> bool {
    url.scheme() == "http"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_folder_or_a_bucket_with_what_belongs_to_it() {
        let folder = StorageUrl::parse("file:///srv/media").expect("a folder");
        assert_eq!(folder, StorageUrl::Folder("/srv/media".into()));
        let address = "s3://pictures/site/a?endpoint=http://10.0.0.1:9000&region=eu-1&style=virtual";
        let place = StorageUrl::parse(address).expect("a bucket");
        assert!(place.is_plain_http());
        assert_eq!(
            place.to_string(),
            "the bucket pictures/site/a at http://10.0.0.1:9000"
        );
        let StorageUrl::Bucket(bucket) = place else {
            panic!("a folder")
        };
        assert_eq!(
            (
                bucket.name.as_str(),
                bucket.prefix.as_ref(),
                bucket.region.as_deref(),
                bucket.is_virtual
            ),
            ("pictures", "site/a", Some("eu-1"), true)
        );
        let amazon = StorageUrl::parse("s3://pictures").expect("a bucket");
        assert_eq!(
            (amazon.to_string().as_str(), amazon.is_plain_http()),
            ("the bucket pictures", false)
        );
    }

    #[test]
    fn what_is_no_such_address_is_told_without_its_secrets() {
        for bad in [
            "",
            "/srv/media",
            "file://media",
            "https://example.org/media",
            "s3://",
            "s3://ab",
            "s3://Pictures",
            "s3://pictures:9000",
            "s3://key:hunter2@pictures",
            "s3://pictures?endpoint=s3.example.org",
            "s3://pictures?endpoint=https://key:hunter2@s3.example.org",
            "s3://pictures?endpoint=https://:hunter2@s3.example.org",
            "s3://pictures?endpoint=https://s3.example.org/pictures",
            "s3://pictures#hunter2",
            "s3://pictures?style=other",
            "s3://pictures?secret=hunter2",
            "s3://pictures/a//b",
        ] {
            let told = StorageUrl::parse(bad).expect_err(bad);
            assert!(!told.contains("hunter2") && !told.contains('\n'), "{told}");
        }
    }
}
