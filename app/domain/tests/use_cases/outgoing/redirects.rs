//! Tests of redirects, and of the headers of requests.

use axum::http::{HeaderName, HeaderValue, header};
use domain::platform::outgoing::{OutgoingError, OutgoingRequest};

use super::{
    get, local, refusal, send,
    web_server::{WebServer, ok, redirect, response},
};

/// Starts a server at whose path `/3` three redirects begin.
async fn countdown() -> WebServer {
    WebServer::start(|path| match path.trim_start_matches('/').parse::<u8>() {
        Ok(0) => ok("arrived"),
        Ok(left) => redirect(302, &format!("/{}", left - 1)),
        Err(_) => redirect(302, path),
    })
    .await
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_more() {
    let server = countdown().await;
    let base = server.url("127.0.0.1");
    let arrived = get(&local(), &format!("{base}3")).await.unwrap();
    assert_eq!(arrived.body, "arrived");
    assert_eq!(arrived.url.as_str(), format!("{base}0"));
    assert_eq!(server.connections(), 4);
    for endless in ["4", "loop"] {
        let before = server.connections();
        let refused = refusal(&local(), &format!("{base}{endless}")).await;
        assert_eq!(refused, Some(OutgoingError::TooManyRedirects));
        assert_eq!(server.connections() - before, 4);
    }
}

#[tokio::test]
async fn a_post_request_is_never_repeated_elsewhere() {
    for status in [301, 302, 303, 307, 308] {
        let server = WebServer::start(move |_| redirect(status, "/elsewhere")).await;
        let request = OutgoingRequest::post(server.url("127.0.0.1"), "hello");
        let response = send(&local(), request).await.unwrap();
        assert_eq!(response.status, status);
        assert_eq!(response.headers[header::LOCATION], "/elsewhere");
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert!(requests[0].starts_with("POST / HTTP/1.1\r\n") && requests[0].ends_with("\r\n\r\nhello"));
    }
}

#[tokio::test]
async fn a_redirect_without_a_place_is_the_response() {
    for head in [
        response("302 Found", "", "here"),
        response("304 Not Modified", "location: /\r\n", ""),
    ] {
        let server = WebServer::start(move |_| head.clone()).await;
        let found = get(&local(), &server.url("127.0.0.1")).await.unwrap();
        assert!(found.status.is_redirection());
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_request_names_the_site_and_nothing_about_its_people() {
    let other = WebServer::start(|_| ok("hello")).await;
    let elsewhere = other.url("127.0.0.1");
    let server = WebServer::start(move |path| match path {
        "/" => response("302 Found", "location: /second\r\nset-cookie: id=secret\r\n", ""),
        _ => redirect(307, &elsewhere),
    })
    .await;
    let request = OutgoingRequest::get(server.url("127.0.0.1"))
        .header(header::ACCEPT, HeaderValue::from_static("application/json"))
        .header(header::AUTHORIZATION, HeaderValue::from_static("Bearer secret"))
        .header(
            HeaderName::from_static("signature"),
            HeaderValue::from_static("secret"),
        )
        .header(header::COOKIE, HeaderValue::from_static("id=secret"))
        .header(
            header::REFERER,
            HeaderValue::from_static("http://paper.example/secret"),
        )
        .header(header::HOST, HeaderValue::from_static("secret.example"))
        .header(header::USER_AGENT, HeaderValue::from_static("secret"))
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    send(&local(), request).await.unwrap();

    let agent = format!(
        "user-agent: Broadsheet/{} (+http://paper.example)",
        env!("CARGO_PKG_VERSION")
    );
    let fields = |request: &str| {
        let head = request.split("\r\n\r\n").next().unwrap();
        let mut fields: Vec<String> = head.lines().skip(1).map(str::to_owned).collect();
        fields.sort();
        fields
    };
    let here = [
        "accept-encoding: identity".to_owned(),
        "accept: application/json".to_owned(),
        "authorization: Bearer secret".to_owned(),
        format!("host: 127.0.0.1:{}", server.port),
        "signature: secret".to_owned(),
        agent.clone(),
    ];
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(fields(&request), here);
    }
    // Only what the response should look like is told to another origin.
    let there = [
        "accept-encoding: identity".to_owned(),
        "accept: application/json".to_owned(),
        format!("host: 127.0.0.1:{}", other.port),
        agent,
    ];
    assert_eq!(fields(&other.requests()[0]), there);
}
