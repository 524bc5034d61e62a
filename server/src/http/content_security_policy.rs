//! The Content Security Policy (level 3) of a page. Its nonce allows only the scripts that the server has written, so
//! that a script in a text by a user does not run.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::nonce::use_nonce;

/// The policy of one page. Its nonce becomes known while the page is rendered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policy {
    nonce: Arc<OnceLock<String>>,
}

impl Policy {
    /// Stores the nonce of the page that is being rendered.
    pub(crate) fn note(&self) {
        if let Some(nonce) = use_nonce() {
            // A page has a single nonce, so it does not matter which call stores it.
            let _ = self.nonce.set(nonce.to_string());
        }
    }

    /// Returns the nonce, once the page has been rendered.
    pub(crate) fn nonce(&self) -> Option<&str> {
        self.nonce.get().map(String::as_str)
    }

    /// Sets the header. Over TLS, the browser also loads pictures with `http` addresses over `https`. A page that
    /// `has_style` contains the accent colour of the site.
    pub(crate) fn apply(&self, headers: &mut HeaderMap, is_https: bool, has_style: bool) {
        let scripts = match self.nonce() {
            Some(nonce) => format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
            None => "'none'".to_owned(),
        };
        let styles = match self.nonce() {
            Some(nonce) if has_style => format!("'self' 'nonce-{nonce}'"),
            _ => "'self'".to_owned(),
        };
        let (pictures, upgrade) = if is_https {
            ("https:", "; upgrade-insecure-requests")
        } else {
            ("https: http:", "")
        };
        // `cargo leptos watch` notifies pages of changes over a WebSocket.
        let watch = if cfg!(debug_assertions) { " ws:" } else { "" };
        let policy = format!(
            "default-src 'none'; script-src {scripts}; style-src {styles}; font-src 'self'; manifest-src 'self'; img-src 'self' blob: {pictures}; \
             connect-src 'self'{watch}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{upgrade}"
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
