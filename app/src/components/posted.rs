//! Server functions that forms can post to.

use leptos::server_fn::{
    Http, ServerFn,
    client::Client,
    codec::{Json, PostUrl},
    request::ClientReq,
};
use serde::de::DeserializeOwned;
use web_sys::FormData;

use shared::error::AppError;

/// A server function that a form can post to, with or without JavaScript.
pub trait Posted:
    ServerFn<
        Protocol = Http<PostUrl, Json>,
        Output = (),
        Error = AppError,
        Client: Client<AppError, Request: ClientReq<AppError, FormData: From<FormData>>>,
    > + DeserializeOwned
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Posted for S where
    S: ServerFn<
            Protocol = Http<PostUrl, Json>,
            Output = (),
            Error = AppError,
            Client: Client<AppError, Request: ClientReq<AppError, FormData: From<FormData>>>,
        > + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static
{
}
