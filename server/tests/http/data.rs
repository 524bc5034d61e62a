//! Tests of server functions as the client calls them: data in, data out, with the correct status.

use app::api::{account, post};
use axum::{
    body::Body,
    http::{
        Method,
        header::{ACCEPT, CONTENT_TYPE},
    },
};
use leptos::server_fn::{ServerFn, axum::server_fn_paths};
use shared::{error::AppError, forms::Field, paths};

use crate::persona::{Answer, Persona, Site};

async fn call(persona: &Persona, method: Method, path: &str, body: &'static str) -> Answer {
    let mut request = persona
        .request(method, path)
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    request
        .headers_mut()
        .insert(ACCEPT, "application/json".parse().unwrap());
    persona.send(request).await
}

fn error(answer: &Answer) -> AppError {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no error in {}", answer.body))
}

#[test]
fn forms_post_to_their_own_pages() {
    assert_eq!(account::Register::PATH, paths::REGISTER);
    assert_eq!(account::LogIn::PATH, paths::LOGIN);
    assert_eq!(account::LogOut::PATH, paths::LOGOUT);
    assert_eq!(post::Create::PATH, paths::NEW_POST);
}

#[test]
fn every_server_function_that_is_no_form_is_below_the_same_prefix() {
    for (path, method) in server_fn_paths() {
        let is_below = path.starts_with(paths::SERVER_FUNCTIONS);
        let is_form = method == Method::POST && !path.starts_with(paths::FORMER_SERVER_FUNCTIONS);
        assert!(is_below || is_form, "{method} {path}");
    }
    let called = [post::SaveDraft::PATH, post::Preview::PATH];
    assert!(
        called
            .iter()
            .all(|path| path.starts_with(paths::SERVER_FUNCTIONS))
    );
}

#[tokio::test]
async fn a_page_of_an_earlier_version_is_told_so_in_words_that_it_can_read() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for persona in [site.visitor(), ada] {
        for method in [Method::GET, Method::POST] {
            for (path, expected) in [
                ("/_/nothing", AppError::Outdated),
                ("/_/nothing/below?id=1", AppError::Outdated),
                ("/api/viewer", AppError::Malformed),
                ("/api/draft/save", AppError::Malformed),
            ] {
                let answer = call(&persona, method.clone(), path, "").await;
                assert_eq!(error(&answer), expected, "{method} {path}");
                assert_eq!(answer.status.as_u16(), expected.status(), "{method} {path}");
            }
        }
        for path in ["/_/nothing", "/api/viewer"] {
            let page = persona.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert_eq!(page.text("h1"), "Page not found");
        }
    }
}

#[tokio::test]
async fn field_errors_are_422_with_every_field() {
    let site = Site::new().await;
    let answer = call(&site.visitor(), Method::POST, "/register", "username=a&email=b").await;
    assert_eq!(answer.status, 422);
    let AppError::Invalid(errors) = error(&answer) else {
        panic!("{}", answer.body)
    };
    for field in [
        Field::Username,
        Field::Email,
        Field::Password,
        Field::ConfirmPassword,
    ] {
        assert!(errors.for_field(field).is_some(), "{field:?}");
    }
}

#[tokio::test]
async fn errors_have_their_status_and_no_detail() {
    let site = Site::new().await;
    let visitor = site.visitor();
    for (method, path, body, expected) in [
        (
            Method::POST,
            "/login",
            "login=ada&password=wrong",
            AppError::BadCredentials,
        ),
        (
            Method::POST,
            "/post/new",
            "title=a&content=b",
            AppError::SignInRequired,
        ),
        (Method::GET, "/_/post?id=7", "", AppError::NotFound),
        (Method::GET, "/_/post?id=x", "", AppError::Malformed),
        (Method::GET, "/_/posts?page=2", "", AppError::NoSuchPage(1)),
        (
            Method::GET,
            "/_/profile?username=nobody&page=1",
            "",
            AppError::NotFound,
        ),
        (Method::POST, "/nothing", "", AppError::NotFound),
        (Method::POST, "/_/viewer", "", AppError::MethodNotAllowed),
    ] {
        let answer = call(&visitor, method, path, body).await;
        assert_eq!(answer.status.as_u16(), expected.status(), "{path}");
        assert_eq!(error(&answer), expected, "{path}");
    }
}

#[tokio::test]
async fn the_client_is_told_where_to_go_next() {
    let site = Site::new().await;
    let ada = site.visitor();
    ada.register("ada").await;
    let answer = call(
        &ada,
        Method::POST,
        "/login",
        "login=ada&password=ada-secret!&next=%2Fpost%2Fnew",
    )
    .await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers.contains_key("serverfnredirect"));
    assert_eq!(answer.location(), "/post/new");
    let viewer = call(&ada, Method::GET, "/_/viewer", "").await;
    assert!(
        viewer.body.contains("\"ada\"") && !viewer.body.contains("example.org"),
        "{}",
        viewer.body
    );
}

#[tokio::test]
async fn reading_changes_nothing() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for path in [
        "/post/new?title=a&content=b",
        "/logout",
        "/register?username=eve&email=e%40f.g",
    ] {
        ada.get(path).await;
    }
    assert_eq!(ada.get("/").await.texts(".card"), [""; 0]);
    assert_eq!(ada.get("/user/eve").await.status, 404);
    assert_eq!(ada.get("/post/new").await.status, 200, "still signed in");
}

// INJ-09
#[tokio::test]
async fn every_server_function_answers_nonsense_with_a_client_error() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let huge: &'static str = Box::leak("x".repeat(300_000).into_boxed_str());
    let bodies = [
        "",
        "unknown=1",
        "id=&page=&username=&email=",
        "a=%ff",
        "username[]=1&email[x]=2&id[]=3",
        huge,
    ];
    for persona in [site.visitor(), ada] {
        for (path, method) in server_fn_paths() {
            // These functions need no fields.
            if [
                "/logout",
                "/account/confirmation",
                "/account/confirmation/give_up",
                "/account/sessions/end_others",
                "/account/picture/remove",
            ]
            .contains(&path)
            {
                continue;
            }
            for body in bodies {
                let reads = method == Method::GET;
                let path = if reads && body.len() < 100 {
                    format!("{path}?{body}")
                } else {
                    path.to_owned()
                };
                let answer = call(&persona, method.clone(), &path, if reads { "" } else { body }).await;
                assert!(
                    !answer.status.is_server_error(),
                    "{path} {:.40} gave {}",
                    body,
                    answer.status
                );
                assert!(
                    reads || answer.status.is_client_error(),
                    "{path} {:.40} gave {}",
                    body,
                    answer.status
                );
            }
        }
    }
}

// AVL-05
#[tokio::test]
async fn a_password_of_a_mebibyte_is_refused_before_it_is_hashed() {
    let site = Site::new().await;
    let visitor = site.visitor();
    // Either the form as a whole is too large or, within the limit for forms, the field.
    for (length, status) in [(1024 * 1024, 413), (60_000, 422)] {
        let long = "x".repeat(length);
        let login = visitor
            .post("/login", &[("login", "ada"), ("password", &long)])
            .await;
        assert_eq!(login.status, status);
        if status == 422 {
            assert_eq!(
                login.text("#password-error"),
                "Enter a password of at most 1024 bytes"
            );
        }
        let reset = visitor
            .post(
                "/reset_password",
                &[("new_password", &long), ("confirm_password", "x")],
            )
            .await;
        assert_eq!(reset.status, status);
    }
}
