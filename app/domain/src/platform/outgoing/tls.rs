//! The TLS of outgoing requests.

use std::sync::Arc;

use rustls::{ClientConfig, Error, RootCertStore, crypto::ring};
use rustls_native_certs::load_native_certs;

/// Returns the configuration, which trusts the certificate authorities of the system.
///
/// The one that reqwest makes by default cannot be used: it logs each untrusted certificate of another server as an
/// error, which is mailed to the administrators, and fails without any authorities, which `http` does not need.
pub(super) fn config() -> Result<ClientConfig, Error> {
    let found = load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate authority of the system cannot be read");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        tracing::warn!("the system has no certificate authorities: no https server is trusted");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
