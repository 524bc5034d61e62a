//! Tests of response headers, which determine what browsers and caches may do.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};

use crate::persona::{Answer, Persona, Site};

/// Returns the sources that the policy of `answer` allows for `directive`.
fn sources(answer: &Answer, directive: &str) -> String {
    let policy = answer.header("content-security-policy");
    let found = policy
        .split(';')
        .find_map(|part| part.trim().strip_prefix(directive));
    found.unwrap_or_default().trim().to_owned()
}

// HDR-01
#[tokio::test]
async fn every_answer_at_every_address_carries_the_security_headers() {
    let site = Site::at("https://example.org").await;
    let visitor = site.visitor();
    let mut requests: Vec<(Method, String)> = server::router::routes()
        .into_iter()
        .map(|(method, path)| (method, path.replace(['{', '}'], "")))
        .collect();
    for path in [
        "/nowhere",
        "/healthz",
        "/readyz",
        "/favicon.ico",
        "/favicon.svg",
        "/pkg/nothing.js",
        "/home/",
        "//evil.net",
    ] {
        requests.push((Method::GET, path.to_owned()));
        requests.push((Method::DELETE, path.to_owned()));
    }
    requests.push((Method::GET, format!("/?{}", "a".repeat(9_000))));
    assert!(requests.len() > 60);
    for (method, path) in requests {
        let request = visitor
            .request(method.clone(), &path)
            .body(Body::empty())
            .unwrap();
        let answer = visitor.send(request).await;
        let what = format!(
            "{method} {} gave {}",
            path.get(..60).unwrap_or(&path),
            answer.status
        );
        assert!(answer.status.as_u16() < 500, "{what}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000"),
        ] {
            assert_eq!(answer.header(name), value, "{what}");
        }
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{what}"
        );
        let referrer = answer.header("referrer-policy");
        assert!(
            ["strict-origin-when-cross-origin", "no-referrer"].contains(&referrer),
            "{what}"
        );
        assert_eq!(sources(&answer, "default-src"), "'none'", "{what}");
        assert_eq!(sources(&answer, "frame-ancestors"), "'none'", "{what}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_come_by_tls_alone_only_where_there_is_tls() {
    let answer = Site::new().await.visitor().get("/").await;
    assert_eq!(answer.header("strict-transport-security"), "");
    assert!(
        !answer
            .header("content-security-policy")
            .contains("upgrade-insecure-requests")
    );
}

// HDR-02
#[tokio::test]
async fn a_page_runs_the_scripts_that_the_server_has_written_and_no_others() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("A <script>alert(1)</script>", "<script>alert(2)</script> text")
        .await;
    let mut nonces = Vec::new();
    for path in [
        "/",
        "/about",
        "/login",
        "/nowhere",
        "/post/1",
        "/post/new",
        "/user/ada",
        "/explore?q=%3Cscript%3E",
    ] {
        let answer = ada.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert_eq!(sources(&answer, "style-src"), "'self'");
        for own in ["font-src", "manifest-src"] {
            assert_eq!(sources(&answer, own), "'self'");
        }
        assert_eq!(sources(&answer, "base-uri"), "'none'");
        assert_eq!(sources(&answer, "form-action"), "'self'");
        let scripts = sources(&answer, "script-src");
        let nonce = scripts
            .strip_prefix("'nonce-")
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        assert!(nonce.len() >= 16, "{scripts}");
        assert_eq!(
            scripts,
            format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'")
        );
        assert_eq!(
            answer.attributes("script", "nonce").len(),
            answer.texts("script").len(),
            "{path}: every script has a nonce"
        );
        assert!(
            answer.attributes("script", "nonce").iter().all(|it| it == nonce),
            "{path}"
        );
        assert_eq!(answer.attributes("[style]", "style").len(), 0, "{path}");
        nonces.push(nonce.to_owned());
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 8, "a nonce is used once");
}

// HDR-05
#[tokio::test]
async fn a_public_page_that_has_not_changed_is_not_sent_again_and_a_private_one_is_never_kept() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("First", "text").await;
    let visitor = site.visitor();
    let ask = async |path: &str, tag: &str| {
        let request = visitor.request(Method::GET, path).header("if-none-match", tag);
        visitor.send(request.body(Body::empty()).unwrap()).await
    };
    for path in ["/", "/about", "/post/1-first", "/user/ada", "/explore"] {
        let first = visitor.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let again = ask(path, &format!("\"other\", {tag}")).await;
        assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), tag);
        // The cached page keeps the nonce with which it was sent.
        assert_eq!(again.header("content-security-policy"), "");
        assert_eq!(ask(path, "W/\"other\"").await.status, 200, "{path}");

        let own = ada.get(path).await;
        assert_eq!(
            (own.header("etag"), own.header("cache-control")),
            ("", "no-store"),
            "{path}"
        );
    }
    let before = visitor.get("/").await.header("etag").to_owned();
    ada.publish("Second", "text").await;
    assert_eq!(ask("/", &before).await.status, 200);
    for path in ["/nowhere", "/post/99"] {
        assert_eq!(visitor.get(path).await.header("etag"), "", "{path}");
    }
}

// INJ-05
#[tokio::test]
async fn another_host_is_refused_and_never_repeated() {
    let site = Site::at("https://example.org").await;
    let visitor = site.visitor();
    let probe = visitor.request(Method::GET, "/healthz").body(Body::empty());
    let mut probe = probe.unwrap();
    probe
        .headers_mut()
        .insert("host", "probe.evil.net".parse().unwrap());
    assert_eq!(visitor.send(probe).await.status, 200);
    let ask = async |host: &str, method: Method| {
        let mut request: Request<Body> = visitor.request(method, "/").body(Body::empty()).unwrap();
        request.headers_mut().insert("host", host.parse().unwrap());
        visitor.send(request).await
    };
    for host in ["evil.net", "example.org.evil.net:443", "evil.net:443"] {
        for method in [Method::GET, Method::POST] {
            let answer = ask(host, method).await;
            assert_eq!(answer.status, 421, "{host}");
            assert!(
                answer.body.contains("https://example.org") && answer.body.contains("BROADSHEET_SITE_URL")
            );
            assert!(!answer.body.contains("evil"));
        }
    }
    for host in [
        "example.org",
        "example.org:443",
        "127.0.0.1:3000",
        "[::1]:3000",
        "localhost",
        "broadsheet:3000",
    ] {
        let answer = ask(host, Method::GET).await;
        assert_eq!(answer.status, 200, "{host}");
        assert!(
            host.starts_with("example") || !answer.body.contains(host),
            "{host}"
        );
    }
    // The page is in the cache by now.
    assert_eq!(ask("evil.net", Method::GET).await.status, 421);
}

#[tokio::test]
async fn an_address_longer_than_any_is_refused() {
    let site = Site::new().await;
    let long = format!("/explore?q={}", "a".repeat(9_000));
    assert_eq!(site.visitor().get(&long).await.status, 414);
}

#[tokio::test]
async fn answers_are_compressed_for_who_can_read_them() {
    let site = Site::new().await;
    let visitor = site.visitor();
    let ask = async |path: &str, accepted: &str, known: &str| {
        let request = visitor
            .request(Method::GET, path)
            .header("accept-encoding", accepted)
            .header("if-none-match", known);
        visitor.send(request.body(Body::empty()).unwrap()).await
    };
    for path in ["/about", "/atom.xml"] {
        let whole = ask(path, "identity", "").await;
        assert_eq!(whole.header("content-encoding"), "", "{path}");
        for (accepted, name) in [("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br")] {
            let small = ask(path, accepted, "").await;
            assert_eq!(small.status, StatusCode::OK, "{path}");
            assert_eq!(small.header("content-encoding"), name, "{path}");
            assert!(small.bytes.len() < whole.bytes.len(), "{path} by {name}");
            let varies = small.headers.get_all("vary");
            assert!(varies.iter().any(|value| value == "accept-encoding"), "{path}");
            let known = ask(path, accepted, small.header("etag")).await;
            let varies = known.headers.get_all("vary");
            assert!(varies.iter().any(|value| value == "accept-encoding"), "{path}");
            assert_eq!(
                (known.status, known.bytes.len()),
                (StatusCode::NOT_MODIFIED, 0),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn what_another_site_has_somebody_ask_for_is_sent_as_it_is() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let reader = site.visitor();
    let coding = async |person: &Persona, from: &str, accepted: &str| {
        let request = person
            .request(Method::GET, "/account")
            .header("sec-fetch-site", from)
            .header("accept-encoding", accepted);
        let answer = person.send(request.body(Body::empty()).unwrap()).await;
        assert_ne!(answer.status, StatusCode::NOT_ACCEPTABLE);
        answer.header("content-encoding").to_owned()
    };
    assert_eq!(coding(&ada, "same-origin", "br").await, "br");
    assert_eq!(coding(&ada, "none", "br").await, "br");
    assert_eq!(coding(&ada, "cross-site", "br").await, "");
    assert_eq!(coding(&ada, "same-site", "gzip").await, "");
    assert_eq!(coding(&ada, "none", "identity;q=0").await, "");
    assert_eq!(coding(&ada, "none", "br, *;q=0").await, "");
    let request = reader
        .request(Method::GET, "/about")
        .header("sec-fetch-site", "cross-site");
    let request = request
        .header("accept-encoding", "br")
        .body(Body::empty())
        .unwrap();
    assert_eq!(reader.send(request).await.header("content-encoding"), "br");
}
