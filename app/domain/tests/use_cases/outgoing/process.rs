//! Tests that need environment variables, for which they run again in processes of their own.

use std::{env, process::Stdio, time::Duration};

use domain::platform::outgoing::OutgoingError;
use tokio::{process::Command, time::timeout};

use super::{
    get, local, refusal,
    web_server::{WebServer, ok, redirect},
};
use crate::certificate;

/// The variable with the port of the server that the process should send requests to.
const PORT: &str = "OUTGOING_TEST_PORT";

/// Returns the port, if this is the process of its own.
fn port() -> Option<String> {
    env::var(PORT).ok()
}

/// Runs the test `name` of this file in a process of its own with these variables.
async fn run_again(name: &str, port: u16, variables: &[(&str, &str)]) {
    let test = Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("outgoing::process::{name}")])
        .env(PORT, port.to_string())
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_mins(1), test).await.unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[tokio::test]
async fn proxies_in_the_environment_are_ignored() {
    if let Some(port) = port() {
        let url = format!("http://127.0.0.1:{port}/");
        assert_eq!(get(&local(), &url).await.unwrap().body, "hello");
        // Without a proxy, an address that is refused is refused.
        let refused = refusal(&local(), "http://10.0.0.1/").await;
        assert_eq!(refused, Some(OutgoingError::RefusedAddress));
        return;
    }
    let proxy = WebServer::start(|_| ok("from the proxy")).await;
    let server = WebServer::start(|_| ok("hello")).await;
    let url = proxy.url("127.0.0.1");
    let names = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    let mut variables: Vec<_> = names.iter().map(|name| (*name, url.as_str())).collect();
    variables.extend([("NO_PROXY", ""), ("no_proxy", "")]);
    run_again("proxies_in_the_environment_are_ignored", server.port, &variables).await;
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
}

#[tokio::test]
async fn a_certificate_is_trusted_when_an_authority_of_the_system_vouches_for_it() {
    if let Some(port) = port() {
        let base = format!("https://localhost:{port}/");
        assert_eq!(get(&local(), &base).await.unwrap().body, "hello");
        let downgrade = refusal(&local(), &format!("{base}downgrade")).await;
        assert_eq!(downgrade, Some(OutgoingError::Unencrypted));
        // The certificate is for another name.
        let other = refusal(&local(), &base.replace("localhost", "127.0.0.1")).await;
        assert_eq!(other, Some(OutgoingError::Tls));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [authority, certificate, key] = certificate::issue(folder.path());
    let plain = WebServer::start(|_| ok("hello")).await;
    let target = plain.url("127.0.0.1");
    let server = WebServer::with_tls(certificate, key, move |path| match path {
        "/downgrade" => redirect(302, &target),
        _ => ok("hello"),
    })
    .await;
    let name = "a_certificate_is_trusted_when_an_authority_of_the_system_vouches_for_it";
    run_again(name, server.port, &[("SSL_CERT_FILE", &authority)]).await;
    assert_eq!((server.requests().len(), plain.connections()), (2, 0));

    let base = server.url("localhost").replace("http:", "https:");
    assert_eq!(refusal(&local(), &base).await, Some(OutgoingError::Tls));
    assert_eq!(server.requests().len(), 2);
}
