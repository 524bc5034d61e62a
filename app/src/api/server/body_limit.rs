//! Request body limits of server functions.

use leptos::server_fn::{ServerFn, inventory};

use crate::api::{
    comment,
    post::{Create, Preview, SaveDraft, Update},
    site::ChangeAppearance,
    static_page,
};

/// The default limit in bytes.
pub const FORM_MAX: usize = 64 * 1024;
/// The limit in bytes of a form with a text: the longest post with every character escaped. Custom CSS is shorter.
const TEXT_MAX: usize = 2 * 1024 * 1024;

/// The maximum request body of a server function, submitted next to it. Others have the default limit.
#[derive(Debug)]
pub struct BodyLimit {
    path: &'static str,
    bytes: usize,
}

inventory::collect!(BodyLimit);

inventory::submit!(BodyLimit::of_text::<Create>());
inventory::submit!(BodyLimit::of_text::<Update>());
inventory::submit!(BodyLimit::of_text::<SaveDraft>());
inventory::submit!(BodyLimit::of_text::<Preview>());
inventory::submit!(BodyLimit::of_text::<comment::Create>());
inventory::submit!(BodyLimit::of_text::<comment::Update>());
inventory::submit!(BodyLimit::of_text::<comment::Preview>());
inventory::submit!(BodyLimit::of_text::<static_page::Create>());
inventory::submit!(BodyLimit::of_text::<static_page::Update>());
inventory::submit!(BodyLimit::of_text::<ChangeAppearance>());

impl BodyLimit {
    /// Creates the limit of `F`, which receives a text or custom CSS.
    #[must_use]
    pub const fn of_text<F: ServerFn>() -> Self {
        Self {
            path: F::PATH,
            bytes: TEXT_MAX,
        }
    }

    /// Returns the maximum number of bytes of a request to the server function at `path`.
    #[must_use]
    pub fn at(path: &str) -> usize {
        let stated = inventory::iter::<Self>().find(|limit| limit.path == path);
        stated.map_or(FORM_MAX, |limit| limit.bytes)
    }
}
