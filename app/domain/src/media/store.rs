//! The store of image files, a folder or a bucket.

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

/// The timeout of a connection to a bucket.
const CONNECT: Duration = Duration::from_secs(3);
/// The timeout of a request for one file.
const ANSWER: Duration = Duration::from_secs(10);
/// The limits of retries. A request is waiting for the result, and proxies commonly give up after half a minute.
const RETRY: Duration = Duration::from_secs(10);
const RETRIES: usize = 2;
/// The environment variables with the credentials and the region that are used if no key is configured. Other AWS
/// settings are ignored.
const VARIABLES: &[&str] = &[
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
/// The address of the EC2 instance metadata service.
const METADATA: &str = "169.254.169.254";
/// The name of the file that [`Store::probe`] writes. Servers that start at the same time write the same file.
const PROBE: &str = "broadsheet-probe";
/// The maximum length of a logged error in characters.
const DESCRIPTION_MAX: usize = 300;
/// The `Cache-Control` of images: a file name always refers to the same content.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A store of image files.
#[derive(Debug, Clone)]
pub struct Store {
    files: Arc<dyn ObjectStore>,
    /// The bucket, if the store is one: its files are read in parts, and their URLs can be signed.
    bucket: Option<Arc<AmazonS3>>,
    /// Whether signed URLs keep their full lifetime: temporary credentials may expire at any time.
    is_lasting: bool,
    prefix: Key,
}

impl Store {
    /// Opens the store at `place` with the credentials `keys`. Without them, a bucket is opened with the `AWS_`
    /// environment variables or the role of the machine.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be used. A bucket is not contacted until [`Self::probe`].
    pub fn open(place: &StorageUrl, keys: Option<&Keys>) -> Result<Self, String> {
        match place {
            StorageUrl::Folder(folder) => Self::folder(folder),
            StorageUrl::Bucket(bucket) => Self::bucket(bucket, keys),
        }
    }

    /// Opens the store in `folder`, which is created if necessary.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be used.
    pub fn folder(folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| error.to_string())?;
        Ok(Self {
            // A confirmed write must be on disk.
            files: Arc::new(files.with_fsync(true)),
            bucket: None,
            is_lasting: true,
            prefix: Key::default(),
        })
    }

    fn bucket(bucket: &Bucket, keys: Option<&Keys>) -> Result<Self, String> {
        // The HTTP client uses the process-wide provider, which may be installed already.
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
            // Not every S3-compatible store supports bulk deletion.
            .with_disable_bulk_delete(true)
            .build()
            .map_err(|error| describe(&error))?;
        let files = Arc::new(files);
        Ok(Self {
            bucket: Some(Arc::clone(&files)),
            is_lasting: keys.is_some(),
            files,
            prefix: bucket.prefix.clone(),
        })
    }

    /// Checks that files can be listed.
    ///
    /// # Errors
    ///
    /// Returns a message that says why they cannot.
    pub async fn reach(&self) -> Result<(), String> {
        let first = self.files.list(Some(&self.prefix)).next().await;
        first.transpose().map(drop).map_err(|error| describe(&error))
    }

    /// Checks that files can be listed, written, read and deleted.
    ///
    /// # Errors
    ///
    /// Returns a message that says why they cannot.
    pub async fn probe(&self) -> Result<(), String> {
        // Some stores accept writes into a bucket that does not exist.
        self.reach().await?;
        let key = self.key(PROBE);
        let probed = async {
            self.files.put(&key, Vec::new().into()).await?;
            let read = self.files.get(&key).await.map(drop);
            let deleted = self.files.delete(&key).await;
            // Another server that starts at the same time may have deleted it already.
            for done in [read, deleted] {
                if let Err(error) = done
                    && !is_missing(&error)
                {
                    return Err(error);
                }
            }
            Ok(())
        };
        probed.await.map_err(|error: Error| describe(&error))
    }

    /// Returns whether `other` is the same store under any URL: a file written there is found here.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the stores cannot be used.
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

    /// Returns the content of the file `name` for a response. If `is_whole`, the beginning of a file in a bucket is
    /// read right away.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::NotFound`] if there is no such file.
    pub async fn content(&self, folder: Folder, name: &str, is_whole: bool) -> Result<FileContent, AppError> {
        let key = self.key(&folder.path(name));
        let content = match &self.bucket {
            Some(bucket) => FileContent::in_bucket(Arc::clone(bucket), key, is_whole).await,
            None => FileContent::in_folder(&self.files, &key).await,
        };
        content.map_err(not_read)
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::NotFound`] if there is no such file.
    pub async fn read_at(&self, path: &str) -> Result<Bytes, AppError> {
        let result = match self.files.get(&self.key(path)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        result.map_err(not_read)
    }

    /// Returns the paths of all files in `folders` with their sizes in bytes.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if the files cannot be listed.
    pub async fn list(&self, folders: &[Folder]) -> Result<HashMap<String, u64>, AppError> {
        let mut files = HashMap::new();
        // Only these folders: a bucket may also contain files of other programs.
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
    ///
    /// Returns [`AppError::Unreachable`] if the file cannot be written.
    pub async fn write(&self, path: &str, content: impl Into<Bytes>) -> Result<(), AppError> {
        let options = PutOptions {
            attributes: self.attributes(path),
            ..PutOptions::default()
        };
        let content = content.into().into();
        let put = self.files.put_opts(&self.key(path), content, options).await;
        put.map(drop).map_err(|error| failed(&error))
    }

    /// Starts to write the file at `path`, keeping at most one part in memory.
    #[must_use]
    pub fn upload(&self, path: &str) -> Upload {
        Upload::new(Arc::clone(&self.files), self.key(path), self.attributes(path))
    }

    fn attributes(&self, path: &str) -> Attributes {
        if self.bucket.is_none() {
            return Attributes::default();
        }
        // A bucket may serve the files itself and takes the response headers from these attributes.
        Attributes::from_iter([
            (Attribute::ContentType, content_type(path)),
            (Attribute::CacheControl, FOR_EVER),
        ])
    }

    /// Deletes the file at `path` if it exists.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if the file cannot be deleted.
    pub async fn delete(&self, path: &str) -> Result<(), AppError> {
        match self.files.delete(&self.key(path)).await {
            Err(error) if !is_missing(&error) => Err(failed(&error)),
            _ => Ok(()),
        }
    }

    /// Returns a signed URL for requests with `method` for the file at `path`, valid for at most `lasting`.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::NotFound`] if the store is a folder.
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

    /// Returns whether signed URLs keep their full lifetime.
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
    // The names of social preview images do not have the format of uploads.
    media_type(name).unwrap_or("image/png")
}

/// Returns a builder configured by the `AWS_` environment variables.
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

/// Returns whether the file does not exist. A missing bucket or a proxy may also answer 404, which says nothing about
/// the file.
fn is_missing(error: &Error) -> bool {
    let Error::NotFound { source, .. } = error else {
        return false;
    };
    source.is::<std::io::Error>() || code(&error.to_string()) == Some("NoSuchKey")
}

/// Returns the S3 error code, which is not a field of every error.
fn code(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("<Code>")?;
    rest.split_once('<').map(|(code, _)| code)
}

/// Converts an error from reading a file.
fn not_read(error: Error) -> AppError {
    if is_missing(&error) {
        AppError::NotFound
    } else {
        failed(&error)
    }
}

pub(super) fn failed(error: &Error) -> AppError {
    tracing::error!(error = describe(error), "media");
    AppError::Unreachable
}

/// Returns a one-line description of `error`.
fn describe(error: &Error) -> String {
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
            line.chars().take(DESCRIPTION_MAX).collect()
        }
    }
}
