//! A web server at any free port of all addresses of this machine. It records connections and requests.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// A connection with or without TLS.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub type Socket = Box<dyn Stream>;

pub struct WebServer {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl WebServer {
    /// Starts a server that sends what `respond` returns for the path of a request.
    pub async fn start(respond: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::with(None, respond).await
    }

    /// Starts a server with TLS. `certificate` and `key` are the paths of files.
    pub async fn with_tls(
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
        respond: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let chain = CertificateDer::pem_file_iter(certificate).unwrap();
        let chain = chain.map(Result::unwrap).collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap())
            .unwrap();
        Self::with(Some(TlsAcceptor::from(Arc::new(config))), respond).await
    }

    async fn with(
        tls: Option<TlsAcceptor>,
        respond: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let respond = Arc::new(respond);
        Self::serve(tls, move |path, mut socket| {
            let respond = Arc::clone(&respond);
            async move {
                // A client that closes the connection is not an error.
                let _ = socket.write_all(&respond(&path)).await;
                let _ = socket.shutdown().await;
            }
        })
        .await
    }

    /// Starts a server that passes the path of a request and the connection to `respond`.
    pub async fn streaming<R: Future<Output = ()> + Send + 'static>(
        respond: impl Fn(String, Socket) -> R + Send + Sync + 'static,
    ) -> Self {
        Self::serve(None, respond).await
    }

    async fn serve<R: Future<Output = ()> + Send + 'static>(
        tls: Option<TlsAcceptor>,
        respond: impl Fn(String, Socket) -> R + Send + Sync + 'static,
    ) -> Self {
        // The system accepts connections to IPv4 addresses here as well.
        let listener = TcpListener::bind("[::]:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, requests) = (
            Arc::<AtomicUsize>::default(),
            Arc::<Mutex<Vec<String>>>::default(),
        );
        let (accepted, read) = (Arc::clone(&connections), Arc::clone(&requests));
        let respond = Arc::new(respond);
        let task = tokio::spawn(async move {
            loop {
                let socket = listener.accept().await.unwrap().0;
                accepted.fetch_add(1, Ordering::SeqCst);
                let (tls, read, respond) = (tls.clone(), Arc::clone(&read), Arc::clone(&respond));
                tokio::spawn(async move {
                    let mut socket: Socket = match tls {
                        None => Box::new(socket),
                        Some(tls) => match tls.accept(socket).await {
                            Ok(socket) => Box::new(socket),
                            Err(_) => return,
                        },
                    };
                    if let Some(request) = request(&mut socket).await {
                        let path = request.split(' ').nth(1).unwrap().to_owned();
                        read.lock().unwrap().push(request);
                        respond(path, socket).await;
                    }
                });
            }
        });
        Self {
            port,
            connections,
            requests,
            task,
        }
    }

    /// Returns the URL of the server at this host.
    pub fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.port)
    }

    /// Returns the number of connections that were accepted. Connections are accepted in the order in which they were
    /// made, so that all before the last response are counted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Returns the requests with their heads and bodies.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Reads a request, or nothing if the client closes the connection.
async fn request(socket: &mut Socket) -> Option<String> {
    let mut text = String::new();
    let mut some = [0; 4_096];
    loop {
        let count = socket.read(&mut some).await.ok().filter(|count| *count > 0)?;
        text.push_str(std::str::from_utf8(some.get(..count)?).ok()?);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return Some(text);
        }
    }
}

/// Returns a response with this status line, these header lines and this body.
pub fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    response("200 OK", "", body)
}

/// Returns a redirect to `location`.
pub fn redirect(status: u16, location: &str) -> Vec<u8> {
    response(
        &format!("{status} Elsewhere"),
        &format!("location: {location}\r\n"),
        "",
    )
}
