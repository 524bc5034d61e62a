//! Tests of storing and deleting picture files.

use domain::{
    media::avatars,
    media::{self, Folder, StorageUrl, Store},
};
use image::ImageFormat;
use shared::{error::AppError, model::media::PictureSize};
use time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    bucket::{self, Server},
    picture::{ada, current, encoded, files, halves, shown, upload},
    site::Site,
};

#[tokio::test]
async fn the_old_files_go_with_the_old_picture() {
    let (site, ada) = ada().await;
    for _ in 0..3 {
        upload(&ada, encoded(&halves(200, 200), ImageFormat::Png))
            .await
            .unwrap();
        assert_eq!(files(&site), 2);
    }
    let viewer = ada.require_viewer().await.unwrap();
    avatars::remove(&ada, &viewer).await.unwrap();
    assert_eq!(current(&site, &ada).await, None);
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn the_files_go_with_the_account_and_nobody_elses_do() {
    use domain::accounts::deletion;
    use shared::forms::Secret;

    let (site, ada) = ada().await;
    site.register("grace").await;
    let grace = site.signed_in("grace").await;
    for person in [&ada, &grace] {
        upload(person, encoded(&halves(200, 200), ImageFormat::Png))
            .await
            .unwrap();
    }
    assert_eq!(files(&site), 4, "the same picture, in files of their own");
    let viewer = ada.require_viewer().await.unwrap();
    deletion::delete(&ada, &viewer, Secret::from("ada-secret!"))
        .await
        .unwrap();
    assert_eq!(files(&site), 2);
    assert_eq!(shown(&site, &grace).await.len(), 2);
}

#[tokio::test]
async fn files_that_were_written_and_never_used_go_after_an_hour() {
    use domain::platform::entity::{pending_deletion, user};
    use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::Expr};

    // These are the files of an upload that was interrupted before the row that references them was written.
    let (site, ada) = ada().await;
    upload(&ada, encoded(&halves(200, 200), ImageFormat::Png))
        .await
        .unwrap();
    let picture = current(&site, &ada).await.unwrap();
    let due = site.state.clock.now() + Duration::hours(1);
    let rows = PictureSize::ALL.map(|size| pending_deletion::ActiveModel {
        path: Set(format!("picture/{}", picture.file(size))),
        due_at: Set(due),
    });
    pending_deletion::Entity::insert_many(rows)
        .exec_without_returning(site.state.db.writer())
        .await
        .unwrap();
    user::Entity::update_many()
        .col_expr(user::Column::Picture, Expr::value(None::<String>))
        .exec(site.state.db.writer())
        .await
        .unwrap();

    media::sweep(&site.state).await;
    assert_eq!(files(&site), 2, "it might still be under way");
    site.state.clock.advance(Duration::hours(1));
    media::sweep(&site.state).await;
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn while_it_is_under_way_an_uploads_files_are_noted() {
    use domain::platform::entity::pending_deletion;
    use sea_orm::{EntityTrait, PaginatorTrait};

    let (site, ada) = ada().await;
    let noted = || async {
        pending_deletion::Entity::find()
            .count(site.state.db.reader())
            .await
            .unwrap()
    };
    // The folder cannot be created, so the upload fails after it has begun.
    std::fs::write(site.folder.path().join("media/picture"), "").unwrap();
    let failed = upload(&ada, encoded(&halves(200, 200), ImageFormat::Png)).await;
    assert_eq!(failed, Err(AppError::Unreachable));
    assert_eq!(noted().await, 2);
    std::fs::remove_file(site.folder.path().join("media/picture")).unwrap();
    upload(&ada, encoded(&halves(200, 200), ImageFormat::Png))
        .await
        .unwrap();
    assert_eq!(noted().await, 2, "what is in use is not noted");
}

#[tokio::test]
async fn one_person_sends_one_picture_at_a_time_and_nobody_waits_for_them() {
    let (site, ada) = ada().await;
    site.register("grace").await;
    let grace = site.signed_in("grace").await;
    let viewer = ada.require_viewer().await.unwrap();
    let mut under_way = avatars::reserve(&ada, &viewer).await.unwrap();
    let picture = encoded(&halves(200, 200), ImageFormat::Png);
    let uploading = tokio::spawn({
        let (ada, picture) = (ada.clone(), picture.clone());
        async move { upload(&ada, picture).await }
    });
    assert!(matches!(
        under_way.given_up::<()>().await,
        Err(AppError::Throttled(_))
    ));
    upload(&grace, picture.clone()).await.unwrap();
    assert!(
        !uploading.is_finished(),
        "what has arrived is made a picture first"
    );
    drop(under_way);
    assert_eq!(uploading.await.unwrap(), Ok(()));
    upload(&ada, picture).await.unwrap();
}

#[tokio::test]
async fn no_picture_is_kept_for_somebody_who_is_gone() {
    use domain::platform::entity::user;
    use sea_orm::EntityTrait;

    let (site, ada) = ada().await;
    let viewer = ada.require_viewer().await.unwrap();
    user::Entity::delete_by_id(viewer.id)
        .exec(site.state.db.writer())
        .await
        .unwrap();
    let file = encoded(&halves(200, 200), ImageFormat::Png);
    assert_eq!(
        avatars::change(
            &ada,
            &viewer,
            avatars::reserve(&ada, &viewer).await.unwrap(),
            file
        )
        .await,
        Err(AppError::SignInRequired)
    );
    site.state.clock.advance(Duration::hours(2));
    media::sweep(&site.state).await;
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn pictures_come_and_go_in_a_bucket_as_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let site = Site::in_bucket(&server).await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    for _ in 0..2 {
        upload(&ada, encoded(&halves(200, 200), ImageFormat::Png))
            .await
            .unwrap();
        assert_eq!(shown(&site, &ada).await.len(), 2);
        let kept = site.state.media.store.list(Folder::LASTING).await.unwrap();
        assert_eq!(kept.len(), 2, "{kept:?}");
        assert!(kept.keys().all(|path| path.starts_with("picture/")), "{kept:?}");
    }
    let viewer = ada.require_viewer().await.unwrap();
    avatars::remove(&ada, &viewer).await.unwrap();
    assert!(
        site.state
            .media
            .store
            .list(Folder::LASTING)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        site.state.media.store.read_at("picture/0a-128.webp").await,
        Err(AppError::NotFound)
    ));
}

#[tokio::test]
async fn while_the_bucket_is_away_nothing_is_lost_and_what_is_to_go_goes_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let site = Site::in_bucket(&server).await;
    site.register("ada").await;
    let ada = site.signed_in("ada").await;
    let picture = encoded(&halves(200, 200), ImageFormat::Png);
    upload(&ada, picture.clone()).await.unwrap();
    let before = current(&site, &ada).await;

    server.stop();
    let refused = upload(&ada, picture.clone()).await;
    assert!(matches!(refused, Err(AppError::Unreachable)), "{refused:?}");
    assert_eq!(current(&site, &ada).await, before);
    let viewer = ada.require_viewer().await.unwrap();
    avatars::remove(&ada, &viewer).await.unwrap();
    assert_eq!(current(&site, &ada).await, None);

    server.start_again();
    let store = &site.state.media.store;
    assert_eq!(store.list(Folder::LASTING).await.unwrap().len(), 2);
    media::sweep(&site.state).await;
    assert!(store.list(Folder::LASTING).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_proxy_does_not_find_is_not_taken_for_a_lost_picture() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNot here.";
            assert_ne!(socket.read(&mut [0; 4096]).await.unwrap(), 0);
            socket.write_all(answer).await.unwrap();
        }
    });
    let place = StorageUrl::parse(&format!("s3://pictures?endpoint=http://{address}")).unwrap();
    let store = Store::open(&place, Some(&bucket::keys())).unwrap();
    let told = store.read_at("picture/0a-128.webp").await;
    assert!(matches!(told, Err(AppError::Unreachable)), "{told:?}");
    let told = store.delete("picture/0a-128.webp").await;
    assert!(matches!(told, Err(AppError::Unreachable)), "{told:?}");
    assert!(store.probe().await.is_err());
}

#[tokio::test]
async fn a_file_that_cannot_be_deleted_holds_no_other_up() {
    use std::fs;

    let (site, ada) = ada().await;
    let path = |name: &str| site.folder.path().join(format!("media/picture/{name}"));
    upload(&ada, encoded(&halves(200, 200), ImageFormat::Png))
        .await
        .unwrap();
    // A folder cannot be deleted as a file.
    fs::create_dir_all(path("0a-128.webp/x")).unwrap();
    let now = site.state.clock.now();
    let stuck = ["picture/0a-128.webp".to_owned()];
    media::schedule_deletion(site.state.db.writer(), &stuck, now - Duration::days(1))
        .await
        .unwrap();
    let viewer = ada.require_viewer().await.unwrap();
    avatars::remove(&ada, &viewer).await.unwrap();
    assert_eq!(files(&site), 1, "that folder alone");
}

#[tokio::test]
async fn a_file_that_is_written_in_parts_is_there_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("bucket"));
    let stores = [
        Store::folder(&folder.path().join("files")).unwrap(),
        Store::open(&server.place("media"), Some(&bucket::keys())).unwrap(),
    ];
    for store in stores {
        for parts in [1, 7] {
            let mut upload = store.upload("image/a.webp");
            for part in 0..parts {
                upload.write(vec![part; 1_000_000]).await.unwrap();
            }
            upload.finish().await.unwrap();
            let read = store.read_at("image/a.webp").await.unwrap();
            assert_eq!(read.len(), usize::from(parts) * 1_000_000);
            assert_eq!((read.first(), read.last()), (Some(&0), Some(&(parts - 1))));
        }
        let mut upload = store.upload("image/b.webp");
        for part in 0..7 {
            upload.write(vec![part; 1_000_000]).await.unwrap();
        }
        upload.abort().await;
        let read = store.read_at("image/b.webp").await;
        assert_eq!(read, Err(AppError::NotFound));
    }
}
