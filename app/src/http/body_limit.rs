//! How large the request of a server function may be.

use leptos::server_fn::{ServerFn, inventory};

/// A form has at most this many bytes, unless it carries a text.
pub const FORM_MAX: usize = 64 * 1024;
/// A form with a text: the longest post, each character escaped.
const TEXT_MAX: usize = 2 * 1024 * 1024;

/// The most bytes that a request to a server function may have, stated beside the function. What states nothing has the
/// least limit.
#[derive(Debug)]
pub struct BodyLimit {
    path: &'static str,
    bytes: usize,
}

inventory::collect!(BodyLimit);

impl BodyLimit {
    /// The limit of `F`, which takes the text of a post.
    #[must_use]
    pub const fn of_text<F: ServerFn>() -> Self {
        Self {
            path: F::PATH,
            bytes: TEXT_MAX,
        }
    }

    /// The most bytes that a request to the server function at `path` may have.
    #[must_use]
    pub fn at(path: &str) -> usize {
        let stated = inventory::iter::<Self>().find(|limit| limit.path == path);
        stated.map_or(FORM_MAX, |limit| limit.bytes)
    }
}
