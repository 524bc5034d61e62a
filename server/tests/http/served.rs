//! A site on a real socket.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use server::{application::Application, config::Config};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use crate::config::config;

/// A site that is served until it is stopped.
pub struct ServedSite {
    pub address: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub running: JoinHandle<()>,
    _folder: TempDir,
}

impl ServedSite {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// Starts a site with changed settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::and_with(Router::new(), change).await
    }

    /// Starts a site with additional routes and changed settings.
    pub async fn and_with(more: Router, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config("http://localhost:3000", folder.path());
        change(&mut config);
        let application = Application::build_with(&config, more).await.unwrap();
        let address = application.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(application.run_until(async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            running,
            _folder: folder,
        }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Connects from another address of this machine.
    pub async fn connect_from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// Sends these bytes. Returns everything that the site responds until it closes the connection.
    pub async fn answer(&self, request: &[u8]) -> String {
        let mut socket = self.connect().await;
        socket.write_all(request).await.unwrap();
        read(&mut socket).await
    }

    pub async fn get(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        self.answer(request.as_bytes()).await
    }
}

/// Reads until the end of the stream. A connection that is reset counts as the end as well.
pub async fn read(socket: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut some = [0; 8_192];
    while let Ok(count @ 1..) = socket.read(&mut some).await {
        answer.extend_from_slice(some.get(..count).unwrap());
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Returns the first bytes of a response.
pub async fn beginning(socket: &mut TcpStream) -> String {
    let mut answer = [0; 4_096];
    let count = timeout(Duration::from_secs(15), socket.read(&mut answer)).await;
    let count = count.unwrap().unwrap();
    String::from_utf8_lossy(answer.get(..count).unwrap()).into_owned()
}

pub fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

/// Returns the head of a request that sends a form of so many bytes to `path`.
pub fn form(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n"
    )
}
