//! Tests of moving a site's pictures to another place.

use std::{collections::HashMap, fs, os::unix::fs::symlink, sync::Once, thread};

use domain::media::{
    self, Delivery, Folder, Media, StorageUrl, Store,
    storage_migration::{self, MoveError},
};
use image::ImageFormat;
use tempfile::TempDir;
use time::Duration;
use tokio::runtime::Runtime;

use crate::{
    bucket::{self, Server},
    picture::{encoded, halves, upload},
    site::Site,
};

const PEOPLE: usize = 5;

/// Returns a site on which some users have pictures, and an empty bucket.
async fn filled() -> (Site, Server, Store, TempDir) {
    let site = Site::new().await;
    for number in 0..PEOPLE {
        let name = format!("ada{number}");
        site.register(&name).await;
        let scope = site.signed_in(&name).await;
        upload(&scope, encoded(&halves(200, 200), ImageFormat::Png))
            .await
            .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let bucket = Store::open(&server.place("site/media"), Some(&bucket::keys())).unwrap();
    (site, server, bucket, folder)
}

/// Returns all picture files with their contents.
async fn contents(store: &Store) -> HashMap<String, Vec<u8>> {
    let mut files = HashMap::new();
    for path in store.list(Folder::LASTING).await.unwrap().into_keys() {
        let content = store.read_at(&path).await.unwrap().to_vec();
        files.insert(path, content);
    }
    files
}

#[tokio::test]
async fn pictures_are_moved_into_a_bucket_and_back_and_nothing_is_copied_twice() {
    let (site, _server, bucket, other) = filled().await;
    let (db, folder) = (&site.state.db, &site.state.media.store);
    folder.write("picture/0a-128.webp", "of nobody").await.unwrap();
    let moved = storage_migration::copy(db, folder, &bucket, &|_, _| ())
        .await
        .unwrap();
    assert_eq!((moved.there, moved.copied), (2 * PEOPLE, 2 * PEOPLE));
    assert!(moved.bytes > 0 && moved.missing.is_empty());
    let again = storage_migration::copy(db, folder, &bucket, &|_, _| ())
        .await
        .unwrap();
    assert_eq!((again.there, again.copied, again.bytes), (2 * PEOPLE, 0, 0));

    let mut before = contents(folder).await;
    before.remove("picture/0a-128.webp").unwrap();
    assert_eq!(contents(&bucket).await, before);
    let back = Store::folder(&other.path().join("back")).unwrap();
    storage_migration::copy(db, &bucket, &back, &|_, _| ())
        .await
        .unwrap();
    assert_eq!(contents(&back).await, before);

    storage_migration::remove(folder, &moved.doubled, &|_, _| ())
        .await
        .unwrap();
    let left: Vec<String> = contents(folder).await.into_keys().collect();
    assert_eq!(left, ["picture/0a-128.webp"]);
}

#[tokio::test]
async fn a_move_that_has_stopped_goes_on_with_what_is_not_there_whole() {
    let (site, _server, bucket, _folder) = filled().await;
    let (db, folder) = (&site.state.db, &site.state.media.store);
    let moved = storage_migration::copy(db, folder, &bucket, &|_, _| ())
        .await
        .unwrap();
    let (gone, cut, lost) = (&moved.doubled[0], &moved.doubled[1], &moved.doubled[2]);
    bucket.delete(gone).await.unwrap();
    bucket.write(cut, "half").await.unwrap();
    for store in [folder, &bucket] {
        store.delete(lost).await.unwrap();
    }
    let again = storage_migration::copy(db, folder, &bucket, &|_, _| ())
        .await
        .unwrap();
    assert_eq!((again.there, again.copied), (2 * PEOPLE - 1, 2));
    assert_eq!(again.missing, std::slice::from_ref(lost));
    assert_eq!(contents(&bucket).await, contents(folder).await);
}

// The upload uses connections of this runtime, while its progress callback blocks one of the threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_uploaded_while_pictures_are_moved_follows() {
    let (site, _server, bucket, _folder) = filled().await;
    let late = site.signed_in("ada0").await;
    let uploading = || {
        let picture = encoded(&halves(300, 300), ImageFormat::Png);
        Runtime::new().unwrap().block_on(upload(&late, picture)).unwrap();
    };
    let once = Once::new();
    let report = |done, _| {
        if done > 0 {
            once.call_once(|| thread::scope(|scope| scope.spawn(uploading).join().unwrap()));
        }
    };
    let moved = storage_migration::copy(&site.state.db, &site.state.media.store, &bucket, &report)
        .await
        .unwrap();
    assert_eq!(moved.there, 2 * PEOPLE);
    assert!(moved.missing.is_empty());
    assert_eq!(moved.late, 0);
    // The replaced picture may have been copied before. The new place has no record of it, so it has to be scheduled
    // for deletion there.
    let due = site.state.clock.now() + Duration::hours(1);
    media::schedule_deletion_of_unnamed(site.state.db.writer(), &bucket, due)
        .await
        .unwrap();
    let kept = contents(&site.state.media.store).await;
    let mut moved_to = site.state.clone();
    moved_to.media = Media::new(bucket, Delivery::Here).unwrap();
    site.state.clock.advance(Duration::hours(2));
    media::sweep(&moved_to).await;
    assert_eq!(contents(&moved_to.media.store).await, kept);
}

#[tokio::test]
async fn one_place_is_known_by_whatever_name() {
    let (site, server, bucket, folder) = filled().await;
    let again = |text: &str| {
        let place = StorageUrl::parse(&server.url("site/media").replace("region=eu-test-1", text)).unwrap();
        Store::open(&place, Some(&bucket::keys())).unwrap()
    };
    assert!(bucket.is_same(&again("region=eu-test-2")).await.unwrap());
    assert!(!bucket.is_same(&site.state.media.store).await.unwrap());
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    let real = Store::folder(&real).unwrap();
    symlink(folder.path().join("real"), &link).unwrap();
    assert!(real.is_same(&Store::folder(&link).unwrap()).await.unwrap());
    assert!(real.list(Folder::LASTING).await.unwrap().is_empty());
    assert_eq!(fs::read_dir(link).unwrap().count(), 0, "no mark is left");
}

#[tokio::test]
async fn a_bucket_that_is_away_ends_the_move_which_goes_on_when_it_is_back() {
    let (site, mut server, bucket, _folder) = filled().await;
    let before = contents(&site.state.media.store).await;
    server.stop();
    let store = &site.state.media.store;
    let told = storage_migration::copy(&site.state.db, store, &bucket, &|_, _| ()).await;
    assert!(matches!(told, Err(MoveError::New)), "{told:?}");
    let paths: Vec<String> = before.keys().cloned().collect();
    let told = storage_migration::remove(&bucket, &paths, &|_, _| ()).await;
    assert!(matches!(told, Err(MoveError::Old)), "{told:?}");
    server.start_again();
    let moved = storage_migration::copy(&site.state.db, store, &bucket, &|_, _| ())
        .await
        .unwrap();
    assert_eq!(moved.there, 2 * PEOPLE);
    assert_eq!(contents(&bucket).await, before);
}
