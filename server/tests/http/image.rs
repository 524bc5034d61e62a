//! Tests of inline images: uploaded by the editor, shown with their size, and deleted with their owner.

use std::io::Cursor;

use axum::http::header::ACCEPT;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::persona::{Answer, Persona, Site};

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let noise = |x: u32, y: u32| (x.wrapping_mul(31) ^ y.wrapping_mul(17)).to_le_bytes()[0];
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([noise(x, y), noise(y, x), 90]));
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn send(person: &Persona, file: &[u8]) -> Answer {
    let mut request = person.upload_request("/post/image", file);
    request
        .headers_mut()
        .insert(ACCEPT, "application/json".parse().unwrap());
    person.send(request).await
}

fn files(site: &Site) -> usize {
    std::fs::read_dir(site.folder().join("media/image")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_picture_is_made_small_enough_and_stands_in_the_text_with_its_size() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let answer = send(&ada, &picture(3_000, 1_500, ImageFormat::Jpeg)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let name = answer.body.trim_matches('"').to_owned();
    assert!(name.ends_with("-2000-1000.jpg"), "{name}");

    let path = format!("/media/image/{name}");
    let shown = site.visitor().get(&path).await;
    assert_eq!(shown.header("content-type"), "image/jpeg");
    assert_eq!(
        shown.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(shown.header("content-security-policy").contains("sandbox"));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    let decoded = image::load_from_memory(&shown.bytes).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (2_000, 1_000));

    let address = ada.publish("A title", &format!("![A field]({path})")).await;
    let post = site.visitor().get(&address).await;
    for (attribute, value) in [
        ("src", path.as_str()),
        ("width", "2000"),
        ("height", "1000"),
        ("loading", "lazy"),
        ("alt", "A field"),
    ] {
        assert_eq!(post.attributes(".prose img", attribute), [value], "{attribute}");
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_leaves_nothing() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let whole = picture(64, 64, ImageFormat::Png);
    for (file, status) in [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice(),
            415,
        ),
        (b"<html><script>alert(1)</script>", 415),
        (b"%PDF-1.4", 415),
        (b"", 422),
        (&whole[..whole.len() / 2], 422),
    ] {
        assert_eq!(send(&ada, file).await.status, status);
    }
    assert_eq!(send(&site.visitor(), &whole).await.status, 401);
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn nothing_that_was_hidden_in_a_file_is_kept() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let mut file = picture(64, 64, ImageFormat::Jpeg);
    file.extend_from_slice(b"<script>alert('polyglot')</script>");
    let answer = send(&ada, &file).await;
    assert_eq!(answer.status, 200);
    let path = format!("/media/image/{}", answer.body.trim_matches('"'));
    let kept = site.visitor().get(&path).await;
    assert!(!String::from_utf8_lossy(&kept.bytes).contains("polyglot"));
}

#[tokio::test]
async fn pictures_go_with_the_account_of_their_owner() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    send(&ada, &picture(64, 64, ImageFormat::Png)).await;
    assert_eq!(files(&site), 1);
    ada.post("/account/delete", &[("current_password", "ada-secret!")])
        .await;
    assert_eq!(files(&site), 0);
}

// UPL-10
#[tokio::test]
async fn pictures_of_one_person_take_a_limited_room_and_the_limit_is_named() {
    use domain::platform::entity::image::{ActiveModel, Entity};
    use sea_orm::{ActiveValue::Set, EntityTrait};

    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let row = ActiveModel {
        name: Set("0a-1b-1-1.jpg".to_owned()),
        owner_id: Set(1),
        bytes: Set(500_000_000),
        created_at: Set(site.state.clock.now()),
        checked_at: Set(site.state.clock.now()),
        unused_since: Set(None),
    };
    Entity::insert(row)
        .exec_without_returning(site.state.db.writer())
        .await
        .unwrap();
    let file = picture(64, 64, ImageFormat::Png);
    let refused = send(&ada, &file).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("QuotaUsed"), "{}", refused.body);
    assert_eq!(send(&grace, &file).await.status, 200);
}
