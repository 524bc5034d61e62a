//! Random values and what is kept of them.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use shared::error::AppError;

/// The SHA-256 of `bytes`, in hexadecimal.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// `N` random bytes, in hexadecimal.
///
/// # Errors
/// [`AppError::Internal`] when the system has no randomness to give.
pub fn random<const N: usize>() -> Result<String, AppError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "randomness");
        AppError::Internal
    })?;
    Ok(hex(&bytes))
}

/// `bytes` in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
