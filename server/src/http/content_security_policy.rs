//! The Content Security Policy (level 3) of a page, with a nonce for the scripts that the server has
//! written, so that no other runs, whatever a text may hold.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::nonce::use_nonce;

/// The policy of one page: its nonce is known while it is being rendered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policy {
    nonce: Arc<OnceLock<String>>,
}

impl Policy {
    /// Notes the nonce of the page that is being rendered.
    pub(crate) fn note(&self) {
        if let Some(nonce) = use_nonce() {
            // A page has one, however often this is called.
            let _ = self.nonce.set(nonce.to_string());
        }
    }

    /// The nonce, once the page has been rendered.
    pub(crate) fn nonce(&self) -> Option<&str> {
        self.nonce.get().map(String::as_str)
    }

    /// Tells the browser; over TLS, what an author has linked by `http` is asked for by `https`.
    pub(crate) fn apply(&self, headers: &mut HeaderMap, is_https: bool) {
        let scripts = match self.nonce() {
            Some(nonce) => format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
            None => "'none'".to_owned(),
        };
        let (pictures, upgrade) = if is_https {
            ("https:", "; upgrade-insecure-requests")
        } else {
            ("https: http:", "")
        };
        // While `cargo leptos watch` runs the program, a page hears of changes.
        let watch = if cfg!(debug_assertions) { " ws:" } else { "" };
        let policy = format!(
            "default-src 'none'; script-src {scripts}; style-src 'self'; font-src 'self'; manifest-src 'self'; img-src 'self' blob: {pictures}; \
             connect-src 'self'{watch}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{upgrade}"
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
