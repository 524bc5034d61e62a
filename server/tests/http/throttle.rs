//! Tests of rate limits.

use axum::http::Method;
use domain::platform::limit::{Limited, Rates};

use crate::persona::Site;

async fn limited(change: impl FnOnce(&mut Limited<Rates>)) -> Site {
    let mut limits = Limited::unlimited();
    change(&mut limits);
    Site::with("http://localhost:3000", |config| config.limits = limits).await
}

// AVL-06
#[tokio::test]
async fn too_many_logins_are_answered_with_the_form_and_when_to_come_back() {
    let site = limited(|limits| limits.login_address = "1/1h".parse().unwrap()).await;
    site.visitor().register("ada").await;
    let fields = [("login", "ada"), ("password", "wrong password")];
    let visitor = site.visitor();
    assert_eq!(visitor.post("/login", &fields).await.status, 401);
    let answer = visitor.post("/login", &fields).await;
    assert_eq!(answer.status, 429);
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((3_500..=3_601).contains(&seconds), "{seconds}");
    assert_eq!(answer.attributes("#login", "value"), ["ada"]);
    assert!(answer.text(".summary").contains("Try again in 60 minutes."));
    assert_eq!(answer.text("title"), "Error: Log in · Broadsheet");
}

#[tokio::test]
async fn the_client_of_a_server_function_is_told_the_same() {
    let site = limited(|limits| limits.recovery = "1/1h".parse().unwrap()).await;
    let visitor = site.visitor();
    let mut last = None;
    for _ in 0..2 {
        let request = visitor
            .request(Method::POST, "/forgot_password")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        let mut request = request.body("email=a%40b.c".into()).unwrap();
        request
            .headers_mut()
            .insert("accept", "application/json".parse().unwrap());
        last = Some(visitor.send(request).await);
    }
    let answer = last.unwrap();
    assert_eq!(answer.status, 429);
    assert!(answer.headers.contains_key("retry-after") && answer.body.contains("Throttled"));
}

// AVL-07
#[tokio::test]
async fn a_forwarded_address_counts_from_a_trusted_proxy_alone() {
    let site = limited(|limits| limits.register = "1/1h".parse().unwrap()).await;
    let register = |peer: &'static str, forwarded: &'static str, name: &'static str| {
        let visitor = site.visitor_from(peer);
        async move {
            let request = visitor
                .request(Method::POST, "/register")
                .header("sec-fetch-site", "same-origin")
                .header("x-forwarded-for", forwarded)
                .header("content-type", "application/x-www-form-urlencoded");
            let form = format!(
                "username={name}&email={name}%40example.org&password=secret-{name}&confirm_password=secret-{name}"
            );
            visitor.send(request.body(form.into()).unwrap()).await.status
        }
    };
    assert_eq!(register("192.0.2.1", "198.51.100.1", "one").await, 303);
    assert_eq!(
        register("192.0.2.1", "198.51.100.2", "two").await,
        429,
        "said by nobody who is trusted"
    );
    assert_eq!(register("10.0.0.1", "198.51.100.3", "three").await, 303);
    assert_eq!(register("10.0.0.1", "198.51.100.4", "four").await, 303);
    assert_eq!(
        register("10.0.0.1", "203.0.113.1, 198.51.100.4", "five").await,
        429
    );
}

#[tokio::test]
async fn each_limited_form_comes_back_with_what_was_typed() {
    let site = limited(|limits| {
        limits.register = "2/1h".parse().unwrap();
        limits.write = "1/1h".parse().unwrap();
        limits.password = "1/1h".parse().unwrap();
    })
    .await;
    let ada = site.member("ada").await;
    ada.publish("One", "text").await;
    let answer = ada
        .post("/post/new", &[("title", "Two"), ("content", "never lost")])
        .await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.text("#content"), "never lost");

    let fields = [
        ("username", "ada"),
        ("email", "new@example.org"),
        ("about", "kept"),
        ("current_password", "wrong"),
    ];
    assert_eq!(ada.post("/account", &fields).await.status, 422);
    let answer = ada.post("/account", &fields).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.text("#about"), "kept");

    site.visitor().register("grace").await;
    let answer = site.visitor().register("eve").await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.attributes("#username", "value"), ["eve"]);
}
