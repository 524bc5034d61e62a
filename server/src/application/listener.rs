//! Where visitors come in.

use std::net::SocketAddr;

use listenfd::ListenFd;
use tokio::net::TcpListener;

use super::StartError;

/// Listens on `address`, which `setting` names.
pub async fn bind(setting: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen(setting, address, error))
}

/// The socket that a supervisor has opened for this program (`sd_listen_fds(3)`): it takes visitors while the program is
/// replaced by another.
pub fn activated() -> Result<Option<TcpListener>, StartError> {
    let found = || {
        let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? else {
            return Ok(None);
        };
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener).map(Some)
    };
    found().map_err(StartError::Socket)
}
