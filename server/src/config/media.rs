//! Settings for storing and serving pictures.

use std::path::{Path, PathBuf};

use clap::Args;
use domain::{
    SiteUrl,
    media::{Delivery, Keys, StorageUrl, Store},
};
use shared::forms::Secret;

use super::{ConfigError, parse};
use crate::application::StartError;

/// The unvalidated settings for pictures.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_field_names, reason = "flags are called as their fields")]
pub(super) struct MediaSettings {
    /// Where to keep pictures: `file://` and a folder, or `s3://bucket?endpoint=https://…` [default: in the data folder]
    #[arg(long, env = "BROADSHEET_MEDIA_URL", value_name = "URL", hide_env_values = true,
          value_parser = StorageUrl::parse)]
    media_url: Option<StorageUrl>,

    /// Access key of the bucket [default: from `AWS_…` in the environment or the role of the machine]
    #[arg(long, env = "BROADSHEET_MEDIA_ACCESS_KEY", value_name = "KEY")]
    media_access_key: Option<String>,

    /// Secret key of the bucket
    #[arg(
        long,
        env = "BROADSHEET_MEDIA_SECRET_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    media_secret_key: Option<String>,

    /// File that contains the secret key
    #[arg(long, env = "BROADSHEET_MEDIA_SECRET_KEY_FILE", value_name = "FILE")]
    media_secret_key_file: Option<PathBuf>,

    /// Who serves pictures. `here`: this server. `signed`: the bucket, at addresses valid for an hour. Or an address below
    /// which everybody can read them
    #[arg(
        long,
        env = "BROADSHEET_MEDIA_SERVED",
        value_name = "HOW",
        default_value = "here",
        value_parser = parse::served
    )]
    media_served: Delivery,
}

/// The validated settings for pictures.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// The place where pictures are stored.
    pub place: StorageUrl,
    /// The keys of a bucket.
    pub keys: Option<Keys>,
    /// How pictures are served.
    pub served: Delivery,
}

impl MediaSettings {
    pub(super) fn complete(self, data_dir: &Path, site_url: &SiteUrl) -> Result<MediaConfig, ConfigError> {
        let secret = parse::one_of(
            "BROADSHEET_MEDIA_SECRET_KEY",
            self.media_secret_key,
            self.media_secret_key_file.as_deref(),
        )?;
        let keys = match (self.media_access_key, secret) {
            (Some(id), Some(secret)) => Some(Keys {
                id,
                secret: Secret::from(secret.as_str()),
            }),
            (None, None) => None,
            _ => {
                return Err(refused(
                    "BROADSHEET_MEDIA_ACCESS_KEY",
                    "must be set together with BROADSHEET_MEDIA_SECRET_KEY, or not at all",
                ));
            }
        };
        let place = self
            .media_url
            .unwrap_or_else(|| StorageUrl::Folder(data_dir.join("media")));
        let is_plain = match &self.media_served {
            Delivery::Here => false,
            Delivery::Signed if matches!(place, StorageUrl::Folder(_)) => {
                return Err(refused(SERVED, "signed needs s3:// in BROADSHEET_MEDIA_URL"));
            }
            Delivery::Signed => place.is_plain_http(),
            Delivery::Public(address) if address.strip_prefix(site_url.origin()).is_some_and(is_ours) => {
                return Err(refused(
                    SERVED,
                    "this is the site's own address for pictures; use another address",
                ));
            }
            Delivery::Public(address) => address.starts_with("http://"),
        };
        if is_plain && site_url.is_https() {
            return Err(refused(
                SERVED,
                "browsers do not show http pictures on an https page",
            ));
        }
        Ok(MediaConfig {
            place,
            keys,
            served: self.media_served,
        })
    }
}

const SERVED: &str = "BROADSHEET_MEDIA_SERVED";

/// Returns whether `path`, which follows the site's own address, is reserved for pictures.
fn is_ours(path: &str) -> bool {
    path.is_empty() || path == "/media" || path.starts_with("/media/")
}

fn refused(setting: &str, why: &str) -> ConfigError {
    ConfigError::Setting(format!("{setting}: {why}"))
}

impl MediaConfig {
    /// Checks whether files can be written to `store`, which is the one of this configuration. A folder is not checked,
    /// because pictures can be read while its disk is full.
    ///
    /// # Errors
    /// Returns an error if files cannot be written.
    pub async fn probe(&self, store: &Store) -> Result<(), StartError> {
        match self.place {
            StorageUrl::Folder(_) => Ok(()),
            StorageUrl::Bucket(_) => probe(&self.place, store).await.map_err(StartError::Media),
        }
    }

    /// Opens the store for pictures.
    ///
    /// # Errors
    /// Returns an error if it cannot be used.
    pub fn open(&self) -> Result<Store, StartError> {
        open(&self.place, self.keys.as_ref()).map_err(StartError::Media)
    }
}

/// Writes a file into `store`, which is at `place`, and deletes it again.
///
/// # Errors
/// Returns an error if the store cannot be used.
pub async fn probe(place: &StorageUrl, store: &Store) -> Result<(), String> {
    let probed = store.probe().await;
    probed.map_err(|error| unusable(place, &error))
}

/// Opens the store at `place`.
///
/// # Errors
/// Returns an error if it cannot be used.
pub fn open(place: &StorageUrl, keys: Option<&Keys>) -> Result<Store, String> {
    Store::open(place, keys).map_err(|error| unusable(place, &error))
}

fn unusable(place: &StorageUrl, why: &str) -> String {
    format!("{place} cannot be used: {why}")
}
