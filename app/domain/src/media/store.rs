//! Files of pictures, in a folder or in a bucket.

use std::{collections::HashMap, env, path::Path, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures::StreamExt;
use object_store::{
    Attribute, Attributes, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Key,
    signer::{Method, Signer},
};

use super::{
    FileContent, Folder,
    storage_url::{Bucket, Keys, StorageUrl},
    upload::Upload,
};
use crate::platform::digest;
use shared::{error::AppError, model::media::media_type};

/// How long a store may take to be reached at all.
const CONNECT: Duration = Duration::from_secs(3);
/// How long it may take for one file.
const ANSWER: Duration = Duration::from_secs(10);
/// It is asked again for so long, and so often: somebody is waiting for a page, for which a proxy waits half a minute.
const RETRY: Duration = Duration::from_secs(10);
const RETRIES: usize = 2;
/// What opens a bucket when no key is set, and where it is: nothing else of Amazon's many settings.
const VARIABLES: [&str; 11] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];
/// Where a machine of Amazon's would tell its role.
const METADATA: &str = "169.254.169.254";
/// Shows whether files can be written; servers that start together write the same.
const PROBE: &str = "broadsheet-probe";
/// An error is told in at most so many characters.
const TOLD: usize = 300;
/// A name never means another picture.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where files are kept.
#[derive(Debug, Clone)]
pub struct Store {
    files: Arc<dyn ObjectStore>,
    /// The bucket, if it is one: its files are read in parts, and everybody can fetch one for some time at a signed address.
    bucket: Option<Arc<AmazonS3>>,
    /// Whether what signs them lasts as long as they do: a role's keys may end at any time.
    is_lasting: bool,
    prefix: Key,
}

impl Store {
    /// The store at `place`, which `keys` open; without them a bucket is opened by variables that begin with `AWS_`, or by the
    /// role of the machine.
    ///
    /// # Errors
    /// When it cannot be used. A bucket is not asked yet: [`Self::probe`] does.
    pub fn open(place: &StorageUrl, keys: Option<&Keys>) -> Result<Self, String> {
        match place {
            StorageUrl::Folder(folder) => Self::folder(folder),
            StorageUrl::Bucket(bucket) => Self::bucket(bucket, keys),
        }
    }

    /// The store in `folder`, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn folder(folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| error.to_string())?;
        Ok(Self {
            // What was answered is on the disk.
            files: Arc::new(files.with_fsync(true)),
            bucket: None,
            is_lasting: true,
            prefix: Key::default(),
        })
    }

    fn bucket(bucket: &Bucket, keys: Option<&Keys>) -> Result<Self, String> {
        // The client takes what the process has; another part may have set the same before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = match keys {
            Some(keys) => AmazonS3Builder::new()
                .with_access_key_id(&keys.id)
                .with_secret_access_key(keys.secret.expose()),
            None => from_variables(),
        };
        if let Some(region) = &bucket.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &bucket.endpoint {
            let mut endpoint = endpoint.clone();
            if bucket.is_virtual {
                let host = format!("{}.{}", bucket.name, endpoint.host_str().unwrap_or_default());
                endpoint
                    .set_host(Some(&host))
                    .map_err(|error| error.to_string())?;
            }
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        let options = ClientOptions::new()
            .with_allow_http(bucket.is_plain_http())
            .with_connect_timeout(CONNECT)
            .with_timeout(ANSWER);
        let retry = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: RETRY,
            ..RetryConfig::default()
        };
        let files = builder
            .with_bucket_name(&bucket.name)
            .with_virtual_hosted_style_request(bucket.is_virtual)
            .with_client_options(options)
            .with_retry(retry)
            // One at a time, which every store understands.
            .with_disable_bulk_delete(true)
            .build()
            .map_err(|error| told(&error))?;
        let files = Arc::new(files);
        Ok(Self {
            bucket: Some(Arc::clone(&files)),
            is_lasting: keys.is_some(),
            files,
            prefix: bucket.prefix.clone(),
        })
    }

    /// Lists files.
    ///
    /// # Errors
    /// Why one cannot, in a sentence.
    pub async fn reach(&self) -> Result<(), String> {
        let first = self.files.list(Some(&self.prefix)).next().await;
        first.transpose().map(drop).map_err(|error| told(&error))
    }

    /// Lists files, writes one, reads it and deletes it again.
    ///
    /// # Errors
    /// Why one cannot, in a sentence.
    pub async fn probe(&self) -> Result<(), String> {
        // Not every store minds what is written into a bucket that is none.
        self.reach().await?;
        let key = self.key(PROBE);
        let probed = async {
            self.files.put(&key, Vec::new().into()).await?;
            let read = self.files.get(&key).await.map(drop);
            let deleted = self.files.delete(&key).await;
            // Another server that starts may have deleted it already.
            for done in [read, deleted] {
                if let Err(error) = done
                    && !is_missing(&error)
                {
                    return Err(error);
                }
            }
            Ok(())
        };
        probed.await.map_err(|error: Error| told(&error))
    }

    /// Whether `other` is the same place, however it is called: what is written there is found here.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub async fn is_same(&self, other: &Self) -> Result<bool, AppError> {
        let mark = format!("{PROBE}-{}", digest::random::<8>()?);
        other.write(&mark, Bytes::new()).await?;
        let found = self.read_at(&mark).await;
        other.delete(&mark).await?;
        match found {
            Ok(_) => Ok(true),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns the content of the file called `name`, to be sent; of one in a bucket, it reads the beginning already if
    /// `is_whole` says that all of it is wanted.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn content(&self, folder: Folder, name: &str, is_whole: bool) -> Result<FileContent, AppError> {
        let key = self.key(&folder.path(name));
        let content = match &self.bucket {
            Some(bucket) => FileContent::in_bucket(Arc::clone(bucket), key, is_whole).await,
            None => FileContent::in_folder(&self.files, &key).await,
        };
        content.map_err(not_read)
    }

    /// The content of the file at `path`, below the folder of all media.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn read_at(&self, path: &str) -> Result<Bytes, AppError> {
        let result = match self.files.get(&self.key(path)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        result.map_err(not_read)
    }

    /// The paths of all files in `folders`, and how many bytes each has.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when they cannot be listed.
    pub async fn list(&self, folders: &[Folder]) -> Result<HashMap<String, u64>, AppError> {
        let mut files = HashMap::new();
        // Whatever else is there is none of ours.
        for folder in folders {
            let mut found = self.files.list(Some(&self.key(&folder.path(""))));
            while let Some(file) = found.next().await {
                let file = file.map_err(|error| failed(&error))?;
                if let Some(path) = self.path(&file.location) {
                    files.insert(path, file.size);
                }
            }
        }
        Ok(files)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when it cannot be written.
    pub async fn write(&self, path: &str, content: impl Into<Bytes>) -> Result<(), AppError> {
        let options = PutOptions {
            attributes: self.attributes(path),
            ..PutOptions::default()
        };
        let content = content.into().into();
        let put = self.files.put_opts(&self.key(path), content, options).await;
        put.map(drop).map_err(|error| failed(&error))
    }

    /// Begins to write the file at `path`, of which no more than a part is kept in memory.
    #[must_use]
    pub fn upload(&self, path: &str) -> Upload {
        Upload::new(Arc::clone(&self.files), self.key(path), self.attributes(path))
    }

    fn attributes(&self, path: &str) -> Attributes {
        if self.bucket.is_none() {
            return Attributes::default();
        }
        // Others send it, and have it from nobody else.
        Attributes::from_iter([
            (Attribute::ContentType, content_type(path)),
            (Attribute::CacheControl, FOR_EVER),
        ])
    }

    /// Deletes the file at `path`, if there is one.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when it cannot be deleted.
    pub async fn delete(&self, path: &str) -> Result<(), AppError> {
        match self.files.delete(&self.key(path)).await {
            Err(error) if !is_missing(&error) => Err(failed(&error)),
            _ => Ok(()),
        }
    }

    /// An address at which everybody can ask by `method` for the file at `path`, for the time `lasting` at most.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a store that has none, which is a folder.
    pub(super) async fn signed(
        &self,
        method: Method,
        path: &str,
        lasting: Duration,
    ) -> Result<String, AppError> {
        let bucket = self.bucket.as_ref().ok_or(AppError::NotFound)?;
        let address = bucket.signed_url(method, &self.key(path), lasting).await;
        address.map(String::from).map_err(|error| failed(&error))
    }

    /// Whether a signed address lasts as long as it says.
    pub(super) const fn is_lasting(&self) -> bool {
        self.is_lasting
    }

    fn key(&self, path: &str) -> Key {
        self.prefix.parts().chain(Key::from(path).parts()).collect()
    }

    fn path(&self, key: &Key) -> Option<String> {
        let parts = key.prefix_match(&self.prefix)?;
        Some(parts.collect::<Key>().to_string())
    }
}

fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    // Pictures beside links are no names of uploads.
    media_type(name).unwrap_or("image/png")
}

/// The bucket of which Amazon's own variables tell.
fn from_variables() -> AmazonS3Builder {
    let mut builder = AmazonS3Builder::new();
    for name in VARIABLES {
        let key = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>();
        if let (Ok(key), Ok(value)) = (key, env::var(name)) {
            builder = builder.with_config(key, value);
        }
    }
    builder
}

/// Whether the file is not there; of a bucket that is not there itself, or of a proxy before it, that is not known.
fn is_missing(error: &Error) -> bool {
    let Error::NotFound { source, .. } = error else {
        return false;
    };
    source.is::<std::io::Error>() || code(&error.to_string()) == Some("NoSuchKey")
}

/// The store's own word for what is wrong, which has no place of its own in every error.
fn code(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("<Code>")?;
    rest.split_once('<').map(|(code, _)| code)
}

/// Why a file was not read.
fn not_read(error: Error) -> AppError {
    if is_missing(&error) {
        AppError::NotFound
    } else {
        failed(&error)
    }
}

pub(super) fn failed(error: &Error) -> AppError {
    tracing::error!(error = told(error), "media");
    AppError::Unreachable
}

/// What `error` says, in a line.
fn told(error: &Error) -> String {
    let words = error.to_string();
    let refused = "the store refuses these keys, or what they are used for";
    match (error, code(&words)) {
        _ if words.contains(METADATA) => {
            "no keys are known: set BROADSHEET_MEDIA_ACCESS_KEY and BROADSHEET_MEDIA_SECRET_KEY".to_owned()
        }
        (_, Some("NoSuchBucket")) => "there is no such bucket".to_owned(),
        (_, Some(code @ ("AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch"))) => {
            format!("{refused} ({code})")
        }
        (Error::PermissionDenied { .. } | Error::Unauthenticated { .. }, _) => refused.to_owned(),
        _ => {
            let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
            line.chars().take(TOLD).collect()
        }
    }
}
