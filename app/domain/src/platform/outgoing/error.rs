use std::{error::Error, io};

use thiserror::Error;

/// The reason why there is no response to an outgoing request.
///
/// [`Self::RefusedAddress`] and [`Self::UnknownHost`] tell which names exist in the private network of the server, so
/// strangers must not see the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OutgoingError {
    /// The text is not a URL with a host.
    #[error("the URL is not valid")]
    InvalidUrl,
    /// The scheme is neither `http` nor `https`.
    #[error("the URL begins with neither http:// nor https://")]
    RefusedScheme,
    /// The URL is `http` although the site is `https`, or a redirect leads from `https` to `http`.
    #[error("the connection would not be encrypted")]
    Unencrypted,
    /// The URL contains a username or a password.
    #[error("the URL contains a username or a password")]
    Credentials,
    /// The host is, or has only, addresses that are not public.
    #[error("the host has no public IP address")]
    RefusedAddress,
    /// The port is not one of those for web servers.
    #[error("the port is neither 80 nor 443")]
    RefusedPort,
    /// The host name cannot be looked up.
    #[error("the host cannot be found")]
    UnknownHost,
    /// There are too many redirects.
    #[error("there are too many redirects")]
    TooManyRedirects,
    /// The body of the response is too large.
    #[error("the response is too large")]
    TooLarge,
    /// The response is not complete in time.
    #[error("the response takes too long")]
    TimedOut,
    /// The server refuses the connection, closes it early, or does not speak HTTP.
    #[error("the connection fails")]
    Connection,
    /// The certificate is not trusted, or the connection cannot be encrypted for another reason.
    #[error("the connection cannot be encrypted securely")]
    Tls,
    /// No requests can be sent from this machine.
    #[error("no requests can be sent from this machine")]
    Unavailable,
}

impl OutgoingError {
    /// Returns the reason of an error of reqwest.
    pub(super) fn from_reqwest(error: &reqwest::Error) -> Self {
        if let Some(cause) = cause(error) {
            cause
        } else if error.is_timeout() {
            Self::TimedOut
        } else if error.is_builder() {
            Self::InvalidUrl
        } else {
            Self::Connection
        }
    }
}

/// Returns the error of the resolver or of TLS that has caused `error`.
fn cause(error: &(dyn Error + 'static)) -> Option<OutgoingError> {
    if let Some(refused) = error.downcast_ref::<OutgoingError>() {
        return Some(*refused);
    }
    if error.is::<rustls::Error>() {
        return Some(OutgoingError::Tls);
    }
    // The source of an I/O error is not the error that it wraps, but the source of that.
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => cause(wrapped),
        None => error.source().and_then(cause),
    }
}
