//! Tests of uploading a profile picture, with a plain form and from the client.

use std::{io::Cursor, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request, header::ACCEPT},
};
use futures::{StreamExt, stream};
use image::{ImageFormat, Rgb, RgbImage};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::persona::{Persona, Site};

fn jpeg() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(300, 200, Rgb([200, 30, 30]))
        .write_to(&mut bytes, ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

fn files(site: &Site) -> usize {
    let folder = site.folder().join("media/picture");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn as_client(mut request: Request<Body>) -> Request<Body> {
    request
        .headers_mut()
        .insert(ACCEPT, "application/json".parse().unwrap());
    request
}

async fn address(persona: &Persona) -> String {
    let page = persona.get("/account/picture").await;
    page.attributes(".picture-now img", "src").remove(0)
}

async fn initials(persona: &Persona, path: &str) -> Vec<String> {
    let page = persona.get(path).await;
    page.attributes(".avatar", "data-initials")
}

#[tokio::test]
async fn a_picture_is_uploaded_by_a_plain_form_shown_and_removed() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("On engines", "text").await;
    // The initials are shown in the navigation, on her profile, and above her post.
    assert_eq!(initials(&ada, "/user/ada").await, ["A", "A", "A"]);
    ada.upload("/account/picture", &jpeg())
        .await
        .redirects_to("/account/picture");
    assert_eq!(
        ada.get("/account/picture").await.text(".flash"),
        "Your profile picture has been saved."
    );
    for (path, selector) in [
        ("/user/ada", ".person img"),
        ("/", ".card img"),
        ("/", ".nav img"),
    ] {
        assert_eq!(
            ada.get(path).await.attributes(selector, "src").len(),
            1,
            "{path} {selector}"
        );
    }

    let old = address(&ada).await;
    ada.post("/account/picture/remove", &[])
        .await
        .redirects_to("/account/picture");
    assert_eq!(initials(&ada, "/account/picture").await, ["A", "A"]);
    assert_eq!(ada.get(&old).await.status, 404);
    assert_eq!(files(&site), 0);
}

// UPL-06
#[tokio::test]
async fn a_picture_is_served_as_nothing_but_a_picture_and_kept_for_ever() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.upload("/account/picture", &jpeg()).await;
    let address = address(&ada).await;
    assert!(!address.contains("me.jpg"), "named by us");
    let answer = site.visitor().get(&address).await;
    assert_eq!(answer.status, 200);
    assert!(matches!(
        answer.header("content-type"),
        "image/jpeg" | "image/webp"
    ));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").contains("sandbox"));
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!(image::load_from_memory(&answer.bytes).unwrap().width(), 128);
    for bad in [
        "/media/picture/x.svg",
        "/media/picture/..%2f..%2ftest.sqlite3",
        "/media/picture/a-128.jpg",
    ] {
        assert_eq!(site.visitor().get(bad).await.status, 404, "{bad}");
    }
}

// UPL-01
#[tokio::test]
async fn what_is_refused_says_what_to_choose_and_leaves_the_picture_as_it_was() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.upload("/account/picture", &jpeg()).await;
    let before = address(&ada).await;
    let too_long = vec![0xff; 10_000_001];
    let endless = vec![0xff; 40_000_000];
    for (file, status, words) in [
        (b"<svg/>".as_slice(), 415, "Choose a JPEG, PNG, WebP or GIF file"),
        (b"%PDF-1.7", 415, "Choose a JPEG, PNG, WebP or GIF file"),
        (b"", 422, "Choose a picture"),
        (
            b"\xff\xd8\xff\xe0 nothing more",
            422,
            "Choose another picture: this file is damaged or not a picture",
        ),
        (&too_long, 413, "Choose a file of at most 10 MB"),
        (&endless, 413, "Choose a file of at most 10 MB"),
    ] {
        let answer = ada.upload("/account/picture", file).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("#picture-error").as_str()),
            (status, words)
        );
        assert_eq!(answer.text("title"), "Error: Profile picture · Broadsheet");
        let request = as_client(ada.upload_request("/account/picture", file));
        assert_eq!(ada.send(request).await.status, status);
    }
    assert_eq!(address(&ada).await, before);
    assert_eq!(files(&site), 2);
}

#[tokio::test]
async fn nobody_uploads_without_being_signed_in() {
    let site = Site::new().await;
    assert_eq!(
        site.visitor().upload("/account/picture", &jpeg()).await.status,
        401
    );
    let request = as_client(site.visitor().upload_request("/account/picture", &jpeg()));
    assert_eq!(site.visitor().send(request).await.status, 401);
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn a_body_that_is_no_upload_is_refused_and_never_an_error_of_ours() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    assert_eq!(
        ada.post("/account/picture", &[("picture", "x")]).await.status,
        415
    );
    for (kind, body) in [
        ("multipart/form-data", "no boundary"),
        ("multipart/form-data; boundary=edge", ""),
        (
            "multipart/form-data; boundary=edge",
            "--edge\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\ncut",
        ),
        ("multipart/form-data; boundary=other", "--edge\r\n\r\n--edge--"),
    ] {
        let request = ada
            .request(Method::POST, "/account/picture")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind);
        let answer = ada.send(request.body(Body::from(body)).unwrap()).await;
        assert!(
            answer.status.is_client_error(),
            "{kind} {body:?} gave {}",
            answer.status
        );
    }
}

/// Returns a request with the beginning of an upload by `persona`, which never continues.
fn half(persona: &Persona, length: usize) -> Request<Body> {
    let head = "--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\n";
    let begun = [head.as_bytes(), &vec![0xff; length]].concat();
    let parts = stream::iter([Ok::<_, std::io::Error>(begun)]).chain(stream::pending());
    let request = persona
        .request(Method::POST, "/account/picture")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=edge");
    request.body(Body::from_stream(parts)).unwrap()
}

// AVL-02
#[tokio::test]
async fn an_upload_that_stalls_is_refused() {
    let site = Site::with("http://localhost:3000", |config| {
        config.network.body_stall = Duration::from_millis(300);
    })
    .await;
    let ada = site.member("ada").await;
    let answer = timeout(Duration::from_secs(15), ada.send(half(&ada, 1_000_000))).await;
    assert_eq!(answer.unwrap().status, 408);
    // The server does not wait for a visitor who may not upload either.
    let visitor = site.visitor();
    let answer = timeout(Duration::from_secs(15), visitor.send(half(&visitor, 1_000_000))).await;
    assert_eq!(answer.unwrap().status, 401);
}

#[tokio::test]
async fn uploads_and_forms_share_one_budget_of_memory() {
    let site = Site::with("http://localhost:3000", |config| {
        config.network.body_memory = 1024 * 1024;
        config.network.body_wait = Duration::from_millis(100);
    })
    .await;
    let ada = site.member("ada").await;
    let (sender, request) = (ada.clone(), half(&ada, 400_000));
    let held = tokio::spawn(async move { sender.send(request).await.status });
    sleep(Duration::from_millis(500)).await;
    let answer = ada
        .post("/post/new", &[("title", "a"), ("content", &"b".repeat(400_000))])
        .await;
    assert_eq!(answer.status, 503);
    assert!(answer.headers.contains_key("retry-after"));
    held.abort();
    assert!(held.await.unwrap_err().is_cancelled());
    let answer = ada
        .post("/post/new", &[("title", "a"), ("content", &"b".repeat(400_000))])
        .await;
    assert_eq!(answer.status, 422, "longer than a post may be");
    // A file that does not fit into the budget is rejected temporarily as well.
    assert_eq!(
        ada.upload("/account/picture", &vec![0xff; 600_000]).await.status,
        503
    );
    ada.upload("/account/picture", &jpeg())
        .await
        .redirects_to("/account/picture");
}

#[tokio::test]
async fn an_upload_that_was_given_up_makes_way_for_the_next_at_once() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    // The body stalls without being closed, so the server cannot know that the rest will not arrive.
    let (arriving, arrives) = oneshot::channel();
    let request = half(&ada, 100_000).map(|body| {
        let mut arriving = Some(arriving);
        Body::from_stream(body.into_data_stream().inspect(move |_| {
            if let Some(arriving) = arriving.take() {
                arriving.send(()).unwrap();
            }
        }))
    });
    let sender = ada.clone();
    let given_up = tokio::spawn(async move { sender.send(request).await.status });
    arrives.await.unwrap();
    ada.upload("/account/picture", &jpeg())
        .await
        .redirects_to("/account/picture");
    assert_eq!(given_up.await.unwrap(), 429);
    ada.upload("/account/picture", &jpeg())
        .await
        .redirects_to("/account/picture");
}

// UPL-09
#[tokio::test]
async fn a_hundred_uploads_that_break_off_leave_no_file() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let whole = jpeg();
    for length in 1..=100 {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\n";
        let part = whole[..whole.len() * length / 101].to_vec();
        let chunks = [
            Ok(head.as_bytes().to_vec()),
            Ok(part),
            Err(std::io::Error::other("gone")),
        ];
        let request = ada
            .request(Method::POST, "/account/picture")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=edge");
        let answer = ada
            .send(request.body(Body::from_stream(stream::iter(chunks))).unwrap())
            .await;
        assert!(answer.status.is_client_error());
    }
    assert_eq!(files(&site), 0);
    ada.upload("/account/picture", &whole)
        .await
        .redirects_to("/account/picture");
}
