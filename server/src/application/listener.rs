//! The listeners: bound by the program, or passed by a supervisor.

use std::net::SocketAddr;

use listenfd::ListenFd;
use tokio::net::TcpListener;

use super::StartError;

/// Binds a listener to `address`. An error names the setting `setting`.
pub async fn bind(setting: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen(setting, address, error))
}

/// Returns the socket that a supervisor has passed to this program (`sd_listen_fds(3)`), if any. The socket accepts
/// connections even while the program is being replaced by another version.
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
