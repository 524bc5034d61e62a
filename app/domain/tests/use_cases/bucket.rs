//! An S3 server with one bucket, which verifies signatures.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use domain::media::{Keys, StorageUrl};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::{
    runtime::Runtime,
    sync::oneshot::{Receiver, Sender, channel},
};
use tokio_rustls::TlsAcceptor;

/// The access key of the bucket.
pub const KEY: &str = "broadsheet";
/// The secret key of the bucket.
pub const SECRET: &str = "hunter2-hunter2";

/// A server in a thread of its own, which is stopped when this is dropped.
pub struct Server {
    pub address: SocketAddr,
    folder: PathBuf,
    stop: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Starts a server that stores files in `folder`.
    pub fn start(folder: &Path) -> Self {
        Self::at(folder, (Ipv4Addr::LOCALHOST, 0).into())
    }

    /// Starts a server at `address`.
    pub fn at(folder: &Path, address: SocketAddr) -> Self {
        Self::serve(folder, address, None)
    }

    /// Starts a server with TLS. `certificate` and `key` are the paths of files.
    pub fn with_tls(folder: &Path, certificate: &str, key: &str) -> Self {
        let chain = CertificateDer::pem_file_iter(certificate).unwrap();
        let chain = chain.map(Result::unwrap).collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap())
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        Self::serve(folder, (Ipv4Addr::LOCALHOST, 0).into(), Some(tls))
    }

    fn serve(folder: &Path, address: SocketAddr, tls: Option<TlsAcceptor>) -> Self {
        fs::create_dir_all(folder.join("pictures")).unwrap();
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = channel();
        let files = FileSystem::new(folder).unwrap();
        let served = move || {
            let runtime = Runtime::new().unwrap();
            runtime.block_on(serve(files, listener, tls, stopped));
        };
        Self {
            address,
            folder: folder.to_owned(),
            stop: Some(stop),
            thread: Some(thread::spawn(served)),
        }
    }

    /// Stops the server and closes all its connections.
    pub fn stop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Restarts the server at the same address.
    pub fn start_again(&mut self) {
        self.stop();
        *self = Self::at(&self.folder, self.address);
    }

    /// Returns the URL of a folder in its bucket.
    pub fn url(&self, folder: &str) -> String {
        format!(
            "s3://pictures/{folder}?endpoint=http://{}&region=eu-test-1",
            self.address
        )
    }

    /// Returns the parsed URL of a folder in its bucket.
    pub fn place(&self, folder: &str) -> StorageUrl {
        StorageUrl::parse(&self.url(folder)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns the keys of the bucket.
pub fn keys() -> Keys {
    Keys {
        id: KEY.to_owned(),
        secret: SECRET.into(),
    }
}

async fn serve(
    files: FileSystem,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    mut stopped: Receiver<()>,
) {
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = service.build();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let socket = tokio::select! {
            accepted = listener.accept() => accepted.unwrap().0,
            _ = &mut stopped => return,
        };
        let (service, tls) = (service.clone(), tls.clone());
        tokio::spawn(async move {
            let connection = Builder::new(TokioExecutor::new());
            // A client that disconnects is not an error.
            let _ = match tls {
                None => connection.serve_connection(TokioIo::new(socket), service).await,
                Some(tls) => match tls.accept(socket).await {
                    Ok(socket) => connection.serve_connection(TokioIo::new(socket), service).await,
                    Err(_) => return,
                },
            };
        });
    }
}
