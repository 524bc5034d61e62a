//! Tests of inline images: uploaded by the editor, shown with their size, and deleted with their owner.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Method, header::ACCEPT},
};
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

/// Returns the widths and addresses that the only image on the page at `address` offers.
async fn widths(site: &Site, address: &str) -> Vec<(u32, String)> {
    let page = site.visitor().get(address).await;
    let offered = page.attributes(".prose img", "srcset").concat();
    let offered = offered.split(", ").map(|one| one.split_once(' ').unwrap());
    offered
        .map(|(path, width)| (width.trim_end_matches('w').parse().unwrap(), path.to_owned()))
        .collect()
}

#[tokio::test]
async fn a_browser_chooses_from_an_image_in_several_widths() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for (format, kind) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        // An image with transparent pixels is stored as WebP.
        let file = match format {
            ImageFormat::WebP => {
                let mut bytes = Cursor::new(Vec::new());
                let image = image::RgbaImage::from_pixel(1_500, 300, image::Rgba([9, 9, 9, 90]));
                DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
                bytes.into_inner()
            }
            _ => picture(1_500, 300, format),
        };
        let answer = send(&ada, &file).await;
        let path = format!("/media/image/{}", answer.body.trim_matches('"'));
        let address = ada.publish("A title", &format!("![A field]({path})")).await;
        let offered = widths(&site, &address).await;
        assert_eq!(
            offered.iter().map(|(width, _)| *width).collect::<Vec<_>>(),
            [640, 960, 1_440, 1_500]
        );
        assert_eq!(offered[3].1, path);
        for (width, path) in offered {
            // The second response comes from the store.
            for _ in 0..2 {
                let shown = site.visitor().get(&path).await;
                assert_eq!(
                    (shown.status.as_u16(), shown.header("content-type")),
                    (200, kind),
                    "{path}"
                );
                assert_eq!(
                    shown.header("cache-control"),
                    "public, max-age=31536000, immutable"
                );
                assert!(shown.header("content-security-policy").contains("sandbox"));
                let decoded = image::load_from_memory(&shown.bytes).unwrap();
                assert_eq!((decoded.width(), decoded.height()), (width, width / 5), "{path}");
            }
        }
        let narrow = path.replace("/media/image/", "/media/scaled/640-");
        let part = site.visitor();
        let request = part.request(Method::GET, &narrow).header("range", "bytes=0-9");
        let part = part.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((part.status.as_u16(), part.bytes.len()), (206, 10));
        for bad in ["641-", "1500-", "0640-", "-640-", ""] {
            let unknown = path.replace("/media/image/", &format!("/media/scaled/{bad}"));
            assert_eq!(site.visitor().get(&unknown).await.status, 404, "{unknown}");
        }
    }
    // A narrow image exists in its own width only.
    let answer = send(&ada, &picture(600, 60, ImageFormat::Jpeg)).await;
    let path = format!("/media/image/{}", answer.body.trim_matches('"'));
    let address = ada.publish("Narrow", &format!("![A line]({path})")).await;
    let page = site.visitor().get(&address).await;
    assert!(page.attributes(".prose img", "srcset").is_empty());
    assert_eq!(page.attributes(".prose img", "src"), [path]);
}

#[tokio::test]
async fn many_browsers_at_once_have_an_image_scaled_once_and_it_goes_with_its_owner() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let answer = send(&ada, &picture(1_000, 500, ImageFormat::Jpeg)).await;
    let name = answer.body.trim_matches('"').to_owned();
    let scaled = || std::fs::read_dir(site.folder().join("media/scaled")).map_or(0, Iterator::count);
    let path = format!("/media/scaled/640-{name}");
    let shown = futures::future::join_all((0..20).map(|_| async {
        let shown = site.visitor().get(&path).await;
        (shown.status, shown.bytes)
    }));
    let shown = shown.await;
    assert!(shown.iter().all(|one| *one == shown[0] && one.0 == 200));
    assert_eq!(scaled(), 1);
    ada.post("/account/delete", &[("current_password", "ada-secret!")])
        .await;
    assert_eq!((files(&site), scaled()), (0, 0));
    assert_eq!(site.visitor().get(&path).await.status, 404);
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
