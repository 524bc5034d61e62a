//! Tests of error pages with their statuses, and of errors as data for the client.

use axum::{
    body::Body,
    http::{Method, header::CONTENT_TYPE},
};
use leptos::server_fn::axum::server_fn_paths;
use shared::error::AppError;

use crate::persona::Site;

#[tokio::test]
async fn an_address_that_leads_nowhere_has_a_page_that_leads_back() {
    let site = Site::new().await;
    for path in [
        "/nowhere",
        "/post/7-gone",
        "/post/abc",
        "/user/nobody",
        "/user/%ff",
        "/a/b/c",
        "/post/%00",
        "/%",
    ] {
        let answer = site.visitor().get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.text("title"), "Page not found · Broadsheet", "{path}");
        assert_eq!(answer.text("h1"), "Page not found", "{path}");
        assert!(answer.attributes("main a", "href").contains(&"/".to_owned()));
        assert_eq!(answer.texts(".nav-entries li").len(), 5);
    }
}

#[tokio::test]
async fn a_known_address_used_wrongly_says_so() {
    let site = Site::new().await;
    for (method, path) in [
        (Method::GET, "/logout"),
        (Method::PUT, "/"),
        (Method::DELETE, "/post/1"),
        (Method::POST, "/"),
    ] {
        let visitor = site.visitor();
        let request = visitor
            .request(method, path)
            .header("origin", "http://localhost:3000");
        let answer = visitor.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.text("h1"), "This address cannot be used that way");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let site = Site::new().await;
    let answer = site
        .visitor()
        .post("/register", &[("username", &"a".repeat(3 * 1024 * 1024))])
        .await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.text("h1"), "That is too large");
}

// AVL-03
#[tokio::test]
async fn only_a_form_with_a_text_may_have_more_than_64_kib() {
    let site = Site::new().await;
    let texts = [
        "/_/draft/save",
        "/_/preview",
        "/post/new",
        "/post/update",
        "/comments/new",
        "/comments/update",
        "/_/comment/preview",
        "/admin/pages/new",
        "/admin/pages/update",
        "/admin/appearance",
    ];
    let functions = server_fn_paths().filter(|(_, method)| *method == Method::POST);
    let functions: Vec<&str> = functions.map(|(path, _)| path).collect();
    assert!(texts.iter().all(|text| functions.contains(text)) && functions.len() > 20);
    for path in functions {
        let least = if texts.contains(&path) {
            2 * 1024 * 1024
        } else {
            64 * 1024
        };
        for accept in ["text/html", "application/json"] {
            for announced in [false, true] {
                let is_refused = async |length: usize| {
                    let visitor = site.visitor();
                    let mut request = visitor
                        .request(Method::POST, path)
                        .header("origin", "http://localhost:3000")
                        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                    if announced {
                        request = request.header("content-length", length);
                    }
                    let body = Body::from(format!("a={}", "b".repeat(length - 2)));
                    let mut request = request.body(body).unwrap();
                    request.headers_mut().insert("accept", accept.parse().unwrap());
                    visitor.send(request).await.status == 413
                };
                let found = (is_refused(least).await, is_refused(least + 1).await);
                assert_eq!(found, (false, true), "{path} {accept} {announced}");
            }
        }
    }
}

#[tokio::test]
async fn a_malformed_form_is_never_our_fault() {
    let site = Site::new().await;
    site.member("ada").await;
    for path in ["/register", "/login", "/logout", "/post/new"] {
        let ada = site.visitor();
        ada.log_in("ada").await;
        for body in [
            &b""[..],
            b"&&&&",
            b"=",
            b"title",
            b"a[b][c][d][e][f][g]=1",
            b"%",
            b"title=%ff%fe",
            b"\xff\xfe",
            b"title=%00",
            b"title[]=1&title[]=2",
            b"title=1&title=2",
            b"remember=maybe",
            b"{\"title\":1}",
        ] {
            let request = ada
                .request(Method::POST, path)
                .header("origin", "http://localhost:3000")
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = ada.send(request.body(Body::from(body)).unwrap()).await;
            assert!(answer.status.as_u16() < 500, "{path} {body:?}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let site = Site::new().await;
    for content_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
    ] {
        let visitor = site.visitor();
        let request = visitor
            .request(Method::POST, "/register")
            .header("origin", "http://localhost:3000")
            .header(CONTENT_TYPE, content_type);
        assert_eq!(
            visitor.send(request.body(Body::from("{}")).unwrap()).await.status,
            415,
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_malformed_query_is_never_our_fault() {
    let site = Site::new().await;
    for path in [
        "/",
        "/login",
        "/register",
        "/user/ada",
        "/post/1",
        "/_/viewer",
        "/_/posts",
        "/_/post",
        "/_/profile",
    ] {
        for query in [
            "%",
            "%ff",
            "page=%ff",
            "page[]=1",
            "page[a][b]=1",
            "&&&",
            "=",
            "id=x",
            "next=%00",
            "a".repeat(3000).as_str(),
        ] {
            let answer = site.visitor().get(&format!("{path}?{query}")).await;
            assert!(answer.status.as_u16() < 500, "{path}?{query}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn every_error_has_its_own_status_and_words() {
    let errors = [
        (AppError::Malformed, 400),
        (AppError::BadCredentials, 401),
        (AppError::SignInRequired, 401),
        (AppError::Forbidden, 403),
        (AppError::NotFound, 404),
        (AppError::MethodNotAllowed, 405),
        (AppError::TooLarge, 413),
        (AppError::UnsupportedMedia, 415),
        (AppError::Internal, 500),
        (AppError::Unreachable, 503),
        (AppError::RoleRequired, 403),
        (AppError::Suspended("Spam".to_owned()), 403),
        (AppError::NoSuchPage(7), 404),
        (AppError::Removed, 410),
        (AppError::Outdated, 410),
    ];
    for (error, status) in errors {
        assert_eq!(error.status(), status);
        assert!(!error.title().is_empty() && error.advice().ends_with('.'));
        if let Some(seconds) = error.retry_after() {
            assert!(
                error.advice().contains(&format!("in {seconds} seconds")),
                "{error:?}"
            );
        }
    }
}

// OPS-09
#[tokio::test]
async fn a_panic_is_a_page_with_the_name_of_the_request_and_the_site_lives_on() {
    async fn broken() -> &'static str {
        panic!("a fault")
    }
    let site = Site::and(axum::Router::new().route("/broken", axum::routing::get(broken))).await;
    let visitor = site.visitor();
    let mut names = Vec::new();
    for _ in 0..2 {
        let answer = visitor.get("/broken").await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.text("h1"), "Something went wrong");
        let name = answer.header("x-request-id").to_owned();
        assert!(name.len() == 16, "{name}");
        assert_eq!(answer.text(".problem-request code"), name);
        names.push(name);
        assert_eq!(visitor.get("/").await.status, 200);
    }
    assert_ne!(names[0], names[1]);
    // An error of the request is not an internal error, so its id would not help anybody.
    assert!(visitor.get("/nowhere").await.texts(".problem-request").is_empty());
}
