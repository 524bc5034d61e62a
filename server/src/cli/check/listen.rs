//! Checks whether the site can listen on its configured addresses.

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use domain::platform::db::snapshot;
use shared::paths;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::Finding;
use crate::{
    application::{StartError, activated},
    config::Config,
    ops::{database_lock, metrics},
};

/// The time within which the program that listens on an address has to respond.
const ANSWER: Duration = Duration::from_secs(3);
/// The maximum number of bytes that are read of a response.
const ANSWER_MAX: u64 = 256 * 1024;

/// Checks whether the site can accept visitors.
pub(super) async fn visitors(config: &Config) -> Finding {
    match activated() {
        Ok(Some(socket)) => {
            let address = socket
                .local_addr()
                .map_or_else(|error| error.to_string(), |address| address.to_string());
            return Finding::Fine(format!("{address}, opened by the supervisor"));
        }
        Ok(None) => {}
        Err(error) => return Finding::Broken(error.to_string()),
    }
    // If the port is in use by a program that serves a `robots.txt` with the address of this site, then that program is
    // this site.
    let ours = format!("Sitemap: {}{}", config.site_url.origin(), paths::SITEMAP);
    port("BROADSHEET_LISTEN", config.listen, config, paths::ROBOTS, &ours).await
}

/// Checks whether the site can serve metrics, if an address is configured for this.
pub(super) async fn monitoring(config: &Config) -> Option<Finding> {
    let address = config.metrics_listen?;
    Some(
        port(
            "BROADSHEET_METRICS_LISTEN",
            address,
            config,
            metrics::PATH,
            metrics::BUILD,
        )
        .await,
    )
}

/// Checks whether the program can listen on `address`, which the setting `setting` specifies, or already does so. In
/// the latter case, the response at `path` contains `ours`.
async fn port(
    setting: &'static str,
    address: SocketAddr,
    config: &Config,
    path: &str,
    ours: &str,
) -> Finding {
    match TcpListener::bind(address).await {
        Ok(_) => Finding::Fine(format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let is_ours = may_be_running(config)
                && answer(address, path)
                    .await
                    .is_ok_and(|answer| answer.contains(ours));
            if is_ours {
                Finding::Fine(format!("{address} is in use by this site, which is running"))
            } else {
                Finding::Broken(format!(
                    "{setting}: {address} is in use by another program; stop it, or set {setting} to another address"
                ))
            }
        }
        Err(error) => Finding::Broken(StartError::Listen(setting, address, error).to_string()),
    }
}

/// Returns whether this site may be running on this machine. If it is not, no request is sent, because systemd would
/// start the site for any connection to a socket that it has opened.
fn may_be_running(config: &Config) -> bool {
    snapshot::file(config.database.url.expose()).is_none_or(|database| database_lock::is_taken(&database))
}

/// Returns the response of the program that listens on `address` to a GET request for `path`.
async fn answer(address: SocketAddr, path: &str) -> io::Result<String> {
    let reachable = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let address = SocketAddr::new(reachable, address.port());
    let asking = async {
        let mut socket = TcpStream::connect(address).await?;
        let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        socket.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        socket.take(ANSWER_MAX).read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    timeout(ANSWER, asking)
        .await
        .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}
