//! The list of authors and the search for users.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    model::{account::AuthorCard, page::ListPage},
};

/// Returns page `page` of all authors, or of the users whose names contain words that begin with those of `name`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such page.
#[server(prefix = "/_", endpoint = "authors", input = GetUrl)]
pub async fn list(#[server(default)] name: String, page: u64) -> Result<ListPage<AuthorCard>, AppError> {
    use super::server::request;
    use domain::accounts::authors;

    let scope = request::current()?;
    if name.trim().is_empty() {
        authors::list(&scope, page).await
    } else {
        authors::search(&scope, &name, page).await
    }
}
