//! Random values and hashes.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use shared::error::AppError;

/// Returns the SHA-256 of `bytes` in hexadecimal.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns `N` random bytes in hexadecimal.
///
/// # Errors
///
/// Returns [`AppError::Internal`] if the system provides no random numbers.
pub fn random<const N: usize>() -> Result<String, AppError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "randomness");
        AppError::Internal
    })?;
    Ok(hex(&bytes))
}

/// Returns `bytes` in hexadecimal.
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
