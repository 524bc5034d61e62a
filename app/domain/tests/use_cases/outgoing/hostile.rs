//! Tests with URLs that try to reach something other than a public web server.

use std::{net::IpAddr, sync::Arc};

use domain::platform::outgoing::{OutgoingClient, OutgoingError};
use futures::{FutureExt, future::ready};

use super::{
    get, refusal, settings,
    web_server::{WebServer, ok, redirect},
};

/// Ways to write an address of this machine.
const LOOPBACK: &[&str] = &[
    "http://127.0.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127.255.255.254:PORT/",
    "http://2130706433:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0000177.1:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.0.0.1:PORT/",
    "http://0X7F.0x0.0x0.0x1:PORT/",
    "http://127.0x1:PORT/",
    "http://0:PORT/",
    "http://0x:PORT/",
    "http://0.0.0.0:PORT/",
    "http://１２７.０.０.１:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::0001]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::FFFF:7f00:1]:PORT/",
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
    "http://local\u{ad}host:PORT/",
    "HTTP://127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "http:///127.0.0.1:PORT/",
    "http:/\\/127.0.0.1:PORT/",
    "  http://127.0.0.1:PORT/",
    "ht\ttp://127.0.0.1:PORT/",
    "http://127.0\t.0.1:PORT/",
    "http://127.0.\r\n0.1:PORT/",
    "http://@127.0.0.1:PORT/",
];

/// Private, reserved and special addresses.
const SPECIAL: &[&str] = &[
    "https://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254./latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/latest/meta-data/",
    "http://0251.0376.0251.0376/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/latest/meta-data/",
    "http://[::169.254.169.254]/latest/meta-data/",
    "http://[64:ff9b::169.254.169.254]/latest/meta-data/",
    "http://[64:ff9b:1::169.254.169.254]/latest/meta-data/",
    "http://[2002:a9fe:a9fe::1]/latest/meta-data/",
    "http://[2001:0:a9fe:a9fe::1]/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v2/instance/",
    "http://168.63.129.16/metadata/instance",
    "http://[fe80::a9fe:a9fe]/",
    "http://0.1.2.3/",
    "http://10.0.0.1/",
    "http://012.0.0.1/",
    "http://100.64.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
];

/// Other URLs that are refused, with the reasons.
const OTHERS: &[(&str, OutgoingError)] = &[
    ("file:///etc/passwd", OutgoingError::RefusedScheme),
    ("FILE://127.0.0.1/etc/passwd", OutgoingError::RefusedScheme),
    ("gopher://127.0.0.1:PORT/_GET", OutgoingError::RefusedScheme),
    ("ftp://127.0.0.1:PORT/", OutgoingError::RefusedScheme),
    ("dict://127.0.0.1:PORT/info", OutgoingError::RefusedScheme),
    ("ldap://127.0.0.1:PORT/", OutgoingError::RefusedScheme),
    ("ws://127.0.0.1:PORT/", OutgoingError::RefusedScheme),
    ("data:text/html,hello", OutgoingError::RefusedScheme),
    ("javascript:alert(1)", OutgoingError::RefusedScheme),
    ("blob:http://127.0.0.1:PORT/", OutgoingError::RefusedScheme),
    ("localhost:PORT", OutgoingError::RefusedScheme),
    ("http://ada@127.0.0.1:PORT/", OutgoingError::Credentials),
    ("http://ada:secret@127.0.0.1:PORT/", OutgoingError::Credentials),
    ("http://:secret@127.0.0.1:PORT/", OutgoingError::Credentials),
    (
        "http://example.org:80@127.0.0.1:PORT/",
        OutgoingError::Credentials,
    ),
    ("http://127.0.0.1:PORT@example.org/", OutgoingError::Credentials),
    ("http://93.184.215.14:22/", OutgoingError::RefusedPort),
    ("http://93.184.215.14:25/", OutgoingError::RefusedPort),
    ("http://93.184.215.14:6379/", OutgoingError::RefusedPort),
    ("https://example.org:8443/", OutgoingError::RefusedPort),
    ("http://example.org:0/", OutgoingError::RefusedPort),
    ("http://[2606:2800:21f:cb07::1]:22/", OutgoingError::RefusedPort),
    ("http://", OutgoingError::InvalidUrl),
    ("http://:PORT/", OutgoingError::InvalidUrl),
    ("http://[::1", OutgoingError::InvalidUrl),
    ("http://[::1%25lo]:PORT/", OutgoingError::InvalidUrl),
    ("http://[fe80::1%eth0]:PORT/", OutgoingError::InvalidUrl),
    ("http://127.0.0.1:99999/", OutgoingError::InvalidUrl),
    ("http://4294967296:PORT/", OutgoingError::InvalidUrl),
    ("http://0x100000000:PORT/", OutgoingError::InvalidUrl),
    ("http://256.0.0.1:PORT/", OutgoingError::InvalidUrl),
    ("http://09.0.0.1:PORT/", OutgoingError::InvalidUrl),
    ("http://127.0.0.1.1:PORT/", OutgoingError::InvalidUrl),
    ("http://127.0.0.1 :PORT/", OutgoingError::InvalidUrl),
    ("http://127.0.0.1%00:PORT/", OutgoingError::InvalidUrl),
];

/// URLs that are refused, but that lead somewhere else if a redirect contains them.
const NOT_ABSOLUTE: &[(&str, OutgoingError)] = &[
    ("", OutgoingError::InvalidUrl),
    ("/", OutgoingError::InvalidUrl),
    ("127.0.0.1:PORT", OutgoingError::InvalidUrl),
    ("//127.0.0.1:PORT/", OutgoingError::InvalidUrl),
    ("http:127.0.0.1:PORT/", OutgoingError::RefusedAddress),
];

/// Returns all URLs that redirects may contain, with the reasons why they are refused.
fn hostile(port: u16) -> Vec<(String, OutgoingError)> {
    let addresses = LOOPBACK.iter().chain(SPECIAL);
    let addresses = addresses.map(|url| (*url, OutgoingError::RefusedAddress));
    addresses
        .chain(OTHERS.iter().copied())
        .map(|(url, reason)| (url.replace("PORT", &port.to_string()), reason))
        .collect()
}

// INJ-10
#[tokio::test]
async fn a_hostile_url_is_refused_without_a_connection() {
    let server = WebServer::start(|_| ok("hello")).await;
    let mut strict = settings(&[]);
    strict.ports.push(server.port);
    let strict = OutgoingClient::new(strict);
    for (url, reason) in hostile(server.port) {
        assert_eq!(refusal(&strict, &url).await, Some(reason), "{url}");
    }
    for (url, reason) in NOT_ABSOLUTE {
        let url = url.replace("PORT", &server.port.to_string());
        assert_eq!(refusal(&strict, &url).await, Some(*reason), "{url}");
    }
    // Nothing else keeps the client from the server.
    let lax = OutgoingClient::new(settings(&["0.0.0.0/0", "::/0"]));
    for url in LOOPBACK {
        let url = url.replace("PORT", &server.port.to_string());
        assert_eq!(get(&lax, &url).await.unwrap().body, "hello", "{url}");
    }
    assert_eq!(server.connections(), LOOPBACK.len());
}

// INJ-10
#[tokio::test]
async fn a_redirect_to_a_hostile_url_is_refused_without_a_connection() {
    let trap = WebServer::start(|_| ok("hello")).await;
    // A header cannot contain line breaks.
    let mut urls = hostile(trap.port);
    urls.retain(|(url, _)| !url.contains('\n'));
    let locations: Vec<String> = urls.iter().map(|(url, _)| url.clone()).collect();
    let server = WebServer::start(move |path| {
        let place: usize = path.trim_start_matches('/').parse().unwrap();
        let status = [301, 302, 303, 307, 308];
        redirect(status[place % status.len()], &locations[place])
    })
    .await;
    let mut settings = settings(&["127.0.0.2/32"]);
    settings.ports.push(trap.port);
    let lookup = |name: String| {
        let address = if name == "localhost" {
            "127.0.0.1"
        } else {
            "93.184.215.14"
        };
        let address: IpAddr = address.parse().unwrap();
        ready(Ok(vec![address])).boxed()
    };
    let client = OutgoingClient::with_lookup(settings, Arc::new(lookup));
    for (place, (url, reason)) in urls.iter().enumerate() {
        let start = format!("{}{place}", server.url("127.0.0.2"));
        assert_eq!(refusal(&client, &start).await, Some(*reason), "{url}");
    }
    assert_eq!(server.connections(), urls.len());
    let lax = OutgoingClient::new(super::settings(&["127.0.0.0/8"]));
    assert_eq!(get(&lax, &trap.url("127.0.0.1")).await.unwrap().body, "hello");
    assert_eq!(trap.connections(), 1);
}
