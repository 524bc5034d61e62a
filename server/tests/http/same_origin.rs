//! Tests that other sites cannot cause changes.

use axum::{
    body::Body,
    http::{
        Method,
        header::{CONTENT_TYPE, ORIGIN},
    },
};

use leptos::server_fn::axum::server_fn_paths;

use crate::persona::Site;

#[tokio::test]
async fn what_another_site_sends_is_refused_and_changes_nothing() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let foreign: [&[(&str, &str)]; _] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://localhost:3000.evil.example")],
        &[("origin", "http://localhost:3001")],
        &[("origin", "http://evil-localhost:3000")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://sub.localhost:3000"),
        ],
    ];
    for headers in foreign {
        for (path, body) in [
            ("/post/new", "title=forged&content=forged"),
            ("/logout", ""),
            ("/login", "login=ada&password=ada-secret!"),
            (
                "/register",
                "username=eve&email=e%40f.g&password=eve-secret!&confirm_password=eve-secret!",
            ),
        ] {
            let mut request = ada
                .request(Method::POST, path)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = ada.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert_eq!(answer.text("h1"), "You cannot change this");
        }
    }
    assert_eq!(ada.get("/").await.texts(".card"), [""; 0]);
    assert_eq!(ada.get("/user/eve").await.status, 404);
    assert_eq!(ada.get("/post/new").await.status, 200, "still signed in");
}

#[tokio::test]
async fn the_sites_own_pages_may_send() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        (ORIGIN.as_str(), "http://localhost:3000"),
    ] {
        let request = ada
            .request(Method::POST, "/post/new")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value);
        assert_eq!(
            ada.send(request.body(Body::from("title=a&content=b")).unwrap())
                .await
                .status,
            303
        );
    }
}

// SES-06
#[tokio::test]
async fn every_route_that_changes_something_refuses_what_another_site_sends() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let functions = server_fn_paths().filter(|(_, method)| *method == Method::POST);
    let mut paths: Vec<&str> = functions.map(|(path, _)| path).collect();
    paths.push(shared::paths::ACCOUNT_PICTURE);
    assert!(paths.len() >= 14, "{paths:?}");
    for path in paths {
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "same-site"),
            ("origin", "http://localhost:3000.evil.example"),
        ] {
            let request = ada
                .request(Method::POST, path)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(name, value);
            let answer = ada.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 403, "{path} {name}: {value}");
        }
    }
    assert_eq!(ada.get("/account").await.status, 200, "still there and signed in");
}
