//! A site that serves pictures from a bucket itself.

use axum::Router;
use domain::media::Delivery;
use server::{application::Application, config::MediaConfig};
use tempfile::TempDir;

use crate::{
    bucket::{self, Server},
    config::config,
    full_site::{HOST_NAME, IMAGE},
};

/// The site, with one inline image of the maximum file size.
pub struct BucketSite {
    pub router: Router,
    /// The path of the picture.
    pub picture: String,
    _server: Server,
    _folder: TempDir,
}

/// Starts the site.
pub async fn picture_in_a_bucket() -> BucketSite {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("bucket"));
    let mut config = config(&format!("https://{HOST_NAME}"), folder.path());
    config.media = MediaConfig {
        place: server.place("site"),
        keys: Some(bucket::keys()),
        served: Delivery::Here,
    };
    let application = Application::build(&config).await.unwrap();
    let store = &application.state().media.store;
    store
        .write(&format!("image/{IMAGE}"), vec![0; 10_000_000])
        .await
        .unwrap();
    BucketSite {
        router: application.router(),
        picture: format!("/media/image/{IMAGE}"),
        _server: server,
        _folder: folder,
    }
}
