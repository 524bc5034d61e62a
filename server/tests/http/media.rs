//! Tests of serving pictures in a bucket to browsers.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Method, StatusCode, header::RANGE},
};
use domain::media::{Delivery, StorageUrl};
use image::{ImageFormat, Rgb, RgbImage};
use server::config::MediaConfig;
use ureq::Agent;

use crate::{
    bucket::{self, Server},
    persona::{Persona, Site},
};

async fn site(server: &Server, how: Delivery) -> Site {
    let media = MediaConfig {
        place: server.place("site"),
        keys: Some(bucket::keys()),
        served: how,
    };
    Site::with("http://localhost:3000", |config| config.media = media).await
}

fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(300, 200, Rgb([200, 30, 30]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// Returns a person with a picture, and the address of the picture on their pages.
async fn pictured(site: &Site) -> (Persona, String) {
    let ada = site.member("ada").await;
    ada.upload("/account/picture", &png())
        .await
        .redirects_to("/account/picture");
    let page = ada.get("/account/picture").await;
    let address = page.attributes(".picture-now img", "src").remove(0);
    (ada, address)
}

/// Returns the response at an address of another host: status, media type and content.
async fn elsewhere(address: &str) -> (u16, Option<String>, Vec<u8>) {
    let address = address.to_owned();
    let ask = move || {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(address).call().unwrap();
        let kind = answer.headers().get("content-type");
        let kind = kind.map(|kind| kind.to_str().unwrap().to_owned());
        (
            answer.status().as_u16(),
            kind,
            answer.body_mut().read_to_vec().unwrap(),
        )
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

#[tokio::test]
async fn a_picture_in_a_bucket_is_sent_by_us_as_one_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let site = site(&server, Delivery::Here).await;
    let (ada, address) = pictured(&site).await;
    let picture = ada.get(&address).await;
    assert_eq!(picture.status, StatusCode::OK);
    assert!(["image/webp", "image/jpeg"].contains(&picture.header("content-type")));
    assert_eq!(
        picture.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(picture.header("content-security-policy").contains("sandbox"));
    image::load_from_memory(&picture.bytes).unwrap();
    assert!(!site.folder().join("media").exists());
    for none in [
        "/media/picture/0a-128.webp",
        "/media/picture/..%2fother",
        "/media/image/x",
    ] {
        assert_eq!(ada.get(none).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn a_large_picture_in_a_bucket_is_sent_whole_or_in_any_part() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let site = site(&server, Delivery::Here).await;
    let content: Vec<u8> = (0..2_700_000_u32)
        .map(|number| number.wrapping_mul(31).to_le_bytes()[1])
        .collect();
    let (name, reader) = ("0a-1b-2000-4000.jpg", site.visitor());
    let store = &site.state.media.store;
    store
        .write(&format!("image/{name}"), content.clone())
        .await
        .unwrap();
    let address = format!("/media/image/{name}");
    let whole = reader.get(&address).await;
    assert_eq!(whole.header("content-length"), "2700000");
    assert!(whole.bytes == content);
    let head = reader.request(Method::HEAD, &address).body(Body::empty());
    let head = reader.send(head.unwrap()).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), "2700000");
    for range in [0..1, 1_000_000..1_100_000, 2_000_000..2_700_000, 5..2_699_999] {
        let asked = format!("bytes={}-{}", range.start, range.end - 1);
        let request = reader.request(Method::GET, &address).header(RANGE, asked);
        let part = reader.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{range:?}");
        assert!(part.bytes == content[range.clone()], "{range:?}");
    }
}

#[tokio::test]
async fn a_signed_address_leads_to_the_picture_and_to_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let site = site(&server, Delivery::Signed).await;
    let (ada, address) = pictured(&site).await;
    let led = ada.get(&address).await;
    assert_eq!(led.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(led.header("cache-control"), "public, max-age=1800");
    let signed = led.location();
    assert!(signed.contains("X-Amz-Expires=3600"), "{signed}");
    assert!(!signed.contains(bucket::SECRET), "{signed}");

    let head = ada.request(Method::HEAD, &address).body(Body::empty()).unwrap();
    assert_eq!(ada.send(head).await.header("cache-control"), "public, max-age=0");

    let (status, kind, content) = elsewhere(&signed).await;
    assert_eq!(status, 200);
    assert!(kind.is_some_and(|kind| kind.starts_with("image/")));
    image::load_from_memory(&content).unwrap();
    let unsigned = signed.split('?').next().unwrap();
    assert_eq!(elsewhere(unsigned).await.0, 403);
    let other = signed.replace("-128.", "-256.");
    assert_eq!(
        elsewhere(&other).await.0,
        403,
        "another file by the same signature"
    );
    // Only names in the format of the site get a signed address.
    for none in [
        "/media/picture/..%2fother",
        "/media/picture/x.html",
        "/media/image/a/b.webp",
    ] {
        assert_eq!(ada.get(none).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn a_public_address_leads_to_the_picture() {
    let site = Site::with("https://example.org", |config| {
        config.media.served = Delivery::Public("https://pictures.example.org/a".to_owned());
    })
    .await;
    let visitor = site.visitor();
    let led = visitor.get("/media/picture/0a-128.webp").await;
    assert_eq!(led.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(
        led.location(),
        "https://pictures.example.org/a/picture/0a-128.webp"
    );
    assert_eq!(led.header("cache-control"), "public, max-age=3600");
    assert_eq!(led.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn while_the_bucket_is_away_pages_are_there_and_pictures_are_to_be_asked_for_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let site = site(&server, Delivery::Here).await;
    let (ada, address) = pictured(&site).await;
    ada.publish("On engines", "text").await;
    server.stop();
    assert_eq!(ada.get("/").await.status, StatusCode::OK);
    let picture = ada.get(&address).await;
    assert_eq!(picture.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(picture.header("retry-after"), "5");
    let refused = ada.upload("/account/picture", &png()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    server.start_again();
    assert_eq!(ada.get(&address).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_site_in_a_bucket_does_not_start_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let other = StorageUrl::parse(&server.url("").replace("s3://pictures", "s3://others")).unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut config = crate::config::config("http://localhost:3000", data.path());
    config.media.keys = Some(bucket::keys());
    config.media.place = other;
    let told = server::application::Application::build(&config)
        .await
        .err()
        .unwrap();
    assert!(told.to_string().contains("there is no such bucket"), "{told}");
}
